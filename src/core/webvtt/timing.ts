/** From when to when, in milliseconds; `isUsable` tells whether WebVTT has such a cue: from 0 on, and not empty. */
export interface Timing {
  readonly start: number;
  readonly end: number;
  readonly isUsable: boolean;
  /** What stands behind the times. */
  readonly rest: string;
}

/** No line of times is longer; what follows them, where something does, is short. */
const LONGEST_LINE = 500;

/**
 * Times as SubRip writers have them: hours of any number of digits or none, `,` or `.` before the fraction, blanks where
 * there should be none, a minus where somebody has shifted too far.
 */
const LINE = /^\s*(-?\d+ ?:[\d:., ]*)--?>\s*(-?\d+ ?:[\d:., ]*)(.*)$/u;
const GARBAGE = /^\s*-?\d+:\S*\s*-->/;
const TIME = /^(-?)(?:(\d{1,6}) ?: ?)?(\d{1,2}) ?: ?(\d{1,2})(?: ?[.,:] ?(\d{1,3})\d{0,6})?$/;

/**
 * A line that says from when to when; undefined for any other, such as text with an arrow in it. A line of times that
 * are none is one too: it must not become text of the cue before.
 */
export function parseTiming(line: string): Timing | undefined {
  if (line.length > LONGEST_LINE || !line.includes('->')) return undefined;
  const parts = LINE.exec(line);
  if (!parts) return GARBAGE.test(line) ? { start: 0, end: 0, isUsable: false, rest: '' } : undefined;
  const [start, end] = [parseTime(parts[1]!), parseTime(parts[2]!)];
  const isUsable = start !== undefined && end !== undefined && start >= 0 && end > start;
  return { start: start ?? 0, end: end ?? 0, isUsable, rest: parts[3]!.trim() };
}

/** Milliseconds; undefined for what is no time. */
export function parseTime(text: string): number | undefined {
  const parts = TIME.exec(text.trim());
  if (!parts) return undefined;
  const [, sign, hours = '0', minutes, seconds, fraction = ''] = parts;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  const time = whole * 1000 + Number(fraction.padEnd(3, '0'));
  return sign === '-' ? -time : time;
}

/** A WebVTT timestamp (W3C WebVTT §4.1), with hours. @param time milliseconds, 0 or more */
export function printTime(time: number): string {
  const [milliseconds, seconds] = [time % 1000, Math.floor(time / 1000)];
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const fraction = String(milliseconds).padStart(3, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}.${fraction}`;
}
