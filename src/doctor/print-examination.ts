import { type Examination, type Verdict } from './examine.js';
import { BROWSERS, type Finding, type ServerKind, type Severity } from './finding.js';
import { plain } from './wire/text.js';

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';
/** Puts a text into a style, or leaves it alone where there are no colours. */
export type Paint = (style: Style, text: string) => string;

const WIDTH = 96;
const LABEL: Record<Severity, string> = { failure: 'FAIL', warning: 'warn', info: 'note' };
const COLOUR: Record<Severity, Style> = { failure: 'red', warning: 'yellow', info: 'cyan' };
const VERDICT: Record<Verdict, readonly [Style, string]> = {
  fine: ['green', 'fine'],
  impaired: ['yellow', 'impaired'],
  fails: ['red', 'fails'],
};

/** An examination for people: what it is, what was found, and a line that sums up. */
export function printExamination(examination: Examination, paint: Paint): string {
  const { url, finalUrl, findings } = examination;
  const lines = [
    paint('bold', url),
    ...(finalUrl === url ? [] : [`  ${paint('dim', 'at')} ${finalUrl}`]),
    ...describe(examination).map((line) => `  ${paint('dim', line)}`),
    '',
    ...findings.flatMap((finding) => [...printFinding(finding, examination, paint), '']),
    `  ${summary(examination, paint)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function describe({ server, media, requests, bytes, seconds }: Examination): string[] {
  const codecs = media?.tracks.map(({ codec, sampleEntry, kind }) => codec ?? sampleEntry ?? kind) ?? [];
  const facts = media
    ? [
        media.container,
        ...codecs,
        media.duration === null ? undefined : `${Math.round(media.duration * 10) / 10} s`,
        formatSize(media.size),
        media.faststart === null ? undefined : media.faststart ? 'starts at once' : 'index at the end',
      ]
    : [];
  const cost = `${requests} request${requests === 1 ? '' : 's'}, ${formatSize(bytes)}, ${seconds.toFixed(1)} s`;
  return [plain(facts.filter(Boolean).join(', ')), [server, cost].filter(Boolean).join(' · ')].filter(
    Boolean,
  );
}

function printFinding(
  { code, severity, seen, breaks, change, affects, lines }: Finding,
  { recognised, server: field }: Examination,
  paint: Paint,
): string[] {
  const whom = affects.length > 0 ? `  ${paint('dim', affects.join(', '))}` : '';
  const fitting = lines.filter(({ server }) =>
    (field === null && severity !== 'info' ? SELF_RUN : recognised).includes(server),
  );
  return [
    `  ${paint(COLOUR[severity], LABEL[severity])}  ${paint('bold', code)}${whom}`,
    ...wrap(`${seen} ${breaks}`),
    ...(change === undefined ? [] : wrap(`Fix: ${change}`)),
    ...fitting.map(({ server, line }) => `${INDENT}  ${paint('dim', server.padEnd(10))} ${line}`),
  ];
}

/** What to show a line for when nothing tells which server it is. */
const SELF_RUN: readonly ServerKind[] = ['nginx', 'Apache', 'Caddy', 'Express'];
const INDENT = ' '.repeat(8);

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = INDENT;
  for (const word of text.split(' ')) {
    if (line.length + word.length >= WIDTH && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = INDENT;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}

function summary({ findings, verdicts, checks }: Examination, paint: Paint): string {
  const count = (severity: Severity, one: string) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return `${number === 0 ? 'no' : number} ${one}${number === 1 ? '' : 's'}`;
  };
  const made = checks.passed + checks.failed;
  const counts = `${count('failure', 'failure')}, ${count('warning', 'warning')}, ${count('info', 'note')}`;
  const browsers = BROWSERS.map((browser) => {
    const [style, word] = VERDICT[verdicts[browser]];
    return `${browser} ${paint(style, word)}`;
  });
  return `${counts} in ${made} check${made === 1 ? '' : 's'}. ${made > 0 ? browsers.join(', ') : ''}`;
}

/** In units of 1024, as file managers do. */
function formatSize(bytes: number): string {
  const power = Math.min(4, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return `${value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`;
}
