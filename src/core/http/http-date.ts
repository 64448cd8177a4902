/**
 * HTTP dates, RFC 9110 §5.6.7. `Date.parse` accepts far more than the grammar, so the three legal forms are matched
 * to the letter: IMF-fixdate (`Sun, 06 Nov 1994 08:49:37 GMT`), RFC 850 (`Sunday, 06-Nov-94 08:49:37 GMT`) and
 * asctime (`Sun Nov  6 08:49:37 1994`).
 */
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';
const SHORT_DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';

const FORMS = [
  new RegExp(`^${SHORT_DAY}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  new RegExp(`^${LONG_DAY}, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT$`),
  new RegExp(`^${SHORT_DAY} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`),
];

/** Milliseconds since the epoch (a whole second), or undefined when the text is no HTTP date. */
export function parseHttpDate(text: string, now: number = Date.now()): number | undefined {
  for (const form of FORMS) {
    const groups = form.exec(text)?.groups as Record<string, string> | undefined;
    if (groups) return toTime(groups, now);
  }
  return undefined;
}

/** Prints milliseconds since the epoch as IMF-fixdate, the only form a sender may generate. */
export function formatHttpDate(time: number): string {
  return new Date(time).toUTCString();
}

function toTime(groups: Record<string, string>, now: number): number | undefined {
  const [day, hour, minute, second] = ['day', 'hour', 'minute', 'second'].map((name) => Number(groups[name]));
  const year = fullYear(groups.year as string, now);
  const month = MONTHS.indexOf(groups.month as string);
  if (hour! > 23 || minute! > 59 || second! > 60) return undefined;
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month, day);
  // 31 February rolls over to March: not a date.
  if (midnight.getUTCMonth() !== month || midnight.getUTCDate() !== day) return undefined;
  return midnight.getTime() + ((hour! * 60 + minute!) * 60 + second!) * 1000;
}

/** A two-digit year more than 50 years ahead means the past century (RFC 9110 §5.6.7). */
function fullYear(text: string, now: number): number {
  if (text.length === 4) return Number(text);
  const thisYear = new Date(now).getUTCFullYear();
  const year = Math.floor(thisYear / 100) * 100 + Number(text);
  return year > thisYear + 50 ? year - 100 : year;
}
