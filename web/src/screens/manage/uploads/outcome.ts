/** What came of an attempt to send. */
export interface Answer {
  /** 0 when no answer came. */
  readonly status: number;
  /** The last part of the problem's type; empty where none was told, as by HEAD. */
  readonly kind: string;
}

/**
 * What to do after an attempt that failed. `again` goes on where it stands, `anew` begins from the first byte, `conflict`
 * asks about a name that is taken, `halt` stops everything until somebody has done something about it, `fail` gives this
 * file up.
 */
export type Step = 'again' | 'anew' | 'conflict' | 'halt' | 'fail';

/** Failures of a server in a row, without a byte in between, after which a file is given up. */
const MOST_FAILURES = 8;
/** Seconds. */
const WAITS = [0.3, 1, 2, 4, 8, 15, 30];

/** @param failures how often it has failed in a row, this time included, without any progress */
export function stepAfter({ status, kind }: Answer, failures: number): Step {
  // A line that is broken is waited for as long as it takes.
  if (status === 0) return 'again';
  if (status === 409) return kind === 'upload-offset-mismatch' ? 'again' : 'conflict';
  if (status === 401 || status === 507 || kind === 'too-many-uploads') return 'halt';
  if (status === 404 || status === 410) return failures < 3 ? 'anew' : 'fail';
  const isPassing = [408, 423, 425, 429].includes(status) || (status >= 500 && status !== 501);
  return isPassing && failures < MOST_FAILURES ? 'again' : 'fail';
}

/** Milliseconds before the next attempt: longer each time, and never the same for everybody. @param chance from 0 to 1 */
export function waitBefore(failures: number, chance = Math.random()): number {
  const seconds = WAITS[Math.min(failures, WAITS.length) - 1] ?? WAITS[0]!;
  return seconds * 1000 * (0.75 + chance / 2);
}
