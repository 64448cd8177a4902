import type { BrowserName, BrowserPlayability } from '../core/playability/index.js';
import type { CompleteReport } from './complete-report.js';

/**
 * One word for a file in some browsers, the best first. `stream`: plays, from `/stream`. `uncertain`: it depends on the
 * device, or nobody has verified it. `late`: plays, but not at once, or seeks badly, even from `/stream`. `broken`:
 * something is wrong with the file itself.
 */
export type FileStatus = 'plays' | 'picture' | 'stream' | 'uncertain' | 'late' | 'broken' | 'fails';

const ORDER: readonly FileStatus[] = ['plays', 'picture', 'stream', 'uncertain', 'late', 'broken', 'fails'];

/** The worst of the browsers' own. */
export function statusOf(report: CompleteReport, browsers: readonly BrowserName[]): FileStatus {
  const own = verdictsIn(report, browsers).map(statusIn);
  const broken = report.problems.some(({ severity }) => severity === 'error');
  const all: FileStatus[] = [...own, ...(broken ? ['broken' as const] : [])];
  if (report.playability === null) all.push('picture');
  return all.reduce((worst, one) => (ORDER.indexOf(one) > ORDER.indexOf(worst) ? one : worst), 'plays');
}

/** Whether nothing keeps the file from starting at once and playing, as far as is known. */
export function isFineStatus(status: FileStatus): boolean {
  return ORDER.indexOf(status) <= ORDER.indexOf('uncertain');
}

/** One browser's word. */
export function statusIn({ verdict, reasons }: BrowserPlayability): FileStatus {
  if (verdict === 'fails' || verdict === 'uncertain') return verdict;
  // That another language cannot be chosen is told, but no reason to look for a better file.
  const late = reasons.some(
    ({ effect, code }) => effect === 'drawback' && code !== 'other-track-unsupported',
  );
  return late ? 'late' : verdict === 'plays' ? 'plays' : 'stream';
}

export function verdictsIn(
  { playability }: CompleteReport,
  browsers: readonly BrowserName[],
): readonly BrowserPlayability[] {
  return playability?.browsers.filter(({ browser }) => browsers.includes(browser)) ?? [];
}
