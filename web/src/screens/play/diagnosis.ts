import type { ApiProblem } from '../../api/problem.ts';
import type { Inspection } from '../../api/types.ts';
import type { Answer } from './probe.ts';
import type { BrowserName } from '../../lib/this-browser.ts';
import type { BrowserWord } from './browser-word.ts';

/** What was seen: nothing yet, an error of the element, no data for long, or sound without a picture. */
export type Symptom = 'foreseen' | 'error' | 'stalled' | 'no-picture';

export interface Facts {
  readonly symptom: Symptom;
  readonly report: Inspection | undefined;
  readonly browser: BrowserName | undefined;
  readonly word: BrowserWord | undefined;
  /** Undefined while nobody asked. */
  readonly answer: Answer | undefined;
}

/** Why it does not play, in one word: what leads to what helps. */
export type Cause =
  | 'unreachable'
  | 'refused'
  /** The file itself is broken. */
  | 'damaged'
  | 'encrypted'
  /** A list of other files, which only Safari plays by itself. */
  | 'playlist'
  /** This browser cannot decode it. */
  | 'unsupported'
  | 'no-picture'
  | 'slow'
  | 'unknown';

export interface Diagnosis {
  readonly cause: Cause;
  /** What the server said, for `refused`. */
  readonly problem?: ApiProblem;
  /** Sentences of the report, the weightiest first, each once. */
  readonly reasons: readonly string[];
  /** What this browser itself says to the whole of it; undefined where it was not asked. */
  readonly canPlay: string | undefined;
  /** Codecs, by their common names, that this browser itself says it cannot decode. */
  readonly undecodable: readonly string[];
  /** Whether the file on disk can be made better, and that could help. */
  readonly repairable: boolean;
}

const BROKEN = new Set([
  'malformed',
  'truncated',
  'no-moov',
  'no-mdat',
  'no-tracks',
  'chunk-offset-out-of-file',
  'corrupt-frames',
  'multiple-moov',
]);

/** What no repair changes: how the picture and the sound are coded. */
const BEYOND_REPAIR = new Set<Cause>(['unsupported', 'no-picture', 'encrypted']);

/** Puts together what the report, the server and the browser say about a file that does not play. */
export function diagnose(facts: Facts): Diagnosis {
  const { report, answer, word } = facts;
  const cause = causeOf(facts);
  return {
    cause,
    ...(answer?.state === 'refused' && { problem: answer.problem }),
    reasons: reasonsOf(facts),
    canPlay: word?.canPlay,
    undecodable: undecodableOf(report, word),
    repairable:
      !BEYOND_REPAIR.has(cause) && report?.repairs.some(({ state }) => state === 'applied') === true,
  };
}

/**
 * Whether it can be told beforehand that it will not play: the data about browsers doubt it, and this one itself denies
 * it; or the data say no and this browser is not sure either.
 */
export function isForeseen(report: Inspection, browser: BrowserName | undefined, word: BrowserWord): boolean {
  const known = report.playability?.browsers.find((other) => other.browser === browser);
  const denied = word.canPlay === '' || word.tracks.some(({ supported }) => supported === false);
  if (!known || known.verdict === 'uncertain') return denied && undecodableOf(report, word).length > 0;
  return known.verdict === 'fails' && word.canPlay !== 'probably';
}

/** Whether something in the file itself is broken, or missing. */
export function isDamaged({ problems }: Inspection): boolean {
  return problems.some(({ code, severity }) => severity === 'error' && BROKEN.has(code));
}

function causeOf({ symptom, report, answer, word, browser }: Facts): Cause {
  if (answer?.state === 'refused') return answer.problem.status === 0 ? 'unreachable' : 'refused';
  if (report?.container === 'hls') return 'playlist';
  if (report?.tracks.some(({ encrypted }) => encrypted)) return 'encrypted';
  if (report && isDamaged(report)) return 'damaged';
  if (symptom === 'no-picture') return 'no-picture';
  const known = report?.playability?.browsers.find((other) => other.browser === browser);
  if (known?.verdict === 'fails' || undecodableOf(report, word).length > 0) return 'unsupported';
  if (symptom === 'stalled') return 'slow';
  return 'unknown';
}

function reasonsOf({ report, browser }: Facts): readonly string[] {
  if (!report) return [];
  const known = report.playability?.browsers.find((other) => other.browser === browser);
  const ofBrowser = (known?.reasons ?? []).filter(
    ({ effect }) => effect === 'fails' || effect === 'uncertain',
  );
  const ofFile = report.problems.filter(({ severity }) => severity === 'error');
  return [...new Set([...ofBrowser, ...ofFile].map(({ message }) => message))].slice(0, 4);
}

function undecodableOf(report: Inspection | undefined, word: BrowserWord | undefined): readonly string[] {
  const denied = (word?.tracks ?? []).filter(({ supported }) => supported === false);
  const names = denied.map(({ track }) => {
    const found = report?.tracks.find(({ id }) => id === track);
    return found?.codecName ?? found?.codec ?? found?.sampleEntry ?? undefined;
  });
  return [...new Set(names.filter((name) => name !== undefined))];
}
