import { BROWSER_LABELS, type BrowserName } from '../core/playability/index.js';
import type { CompleteReport } from './complete-report.js';
import { statusIn, statusOf, verdictsIn } from './file-status.js';
import { formatDuration } from './format-values.js';
import type { FileInspection } from './inspect-files.js';

const STATUS_WIDTH = 10;

/** One line for a file: a word for it, its name, what it is, and why it is not fine. */
export function printLine(inspection: FileInspection, browsers: readonly BrowserName[]): string {
  const { file } = inspection;
  if ('error' in inspection) return `${'error'.padEnd(STATUS_WIDTH)} ${file}: ${inspection.error}\n`;
  const { report } = inspection;
  const status = statusOf(report, browsers);
  const why = whyNot(report, browsers);
  return `${status.padEnd(STATUS_WIDTH)} ${file} (${summary(report)})${why ? `: ${why}` : ''}\n`;
}

function summary({ container, tracks, duration }: CompleteReport): string {
  const codecs = tracks
    .filter(({ kind }) => kind === 'video' || kind === 'audio')
    .map(({ codecName, sampleEntry }) => codecName ?? sampleEntry ?? 'unknown');
  const facts = [container, codecs.join('+'), duration === null ? '' : formatDuration(duration)];
  return facts.filter(Boolean).join(', ');
}

/** The first reason of the worst verdict, and in which browsers it is that. */
function whyNot(report: CompleteReport, browsers: readonly BrowserName[]): string | undefined {
  const verdicts = verdictsIn(report, browsers);
  const status = statusOf(report, browsers);
  const error = report.problems.find(({ severity }) => severity === 'error');
  if (status === 'broken') return error?.message;
  const worst = verdicts.filter((one) => statusIn(one) === status);
  const reason = worst[0]?.reasons[0];
  if (!reason) return undefined;
  const everywhere = worst.length === verdicts.length && verdicts.length > 1;
  const where = everywhere ? '' : `${worst.map(({ browser }) => BROWSER_LABELS[browser]).join(', ')}: `;
  return `${where}${reason.message}`;
}
