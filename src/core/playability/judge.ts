import type { MediaReport } from '../media/index.js';
import type { RepairOutcome } from '../repairs/index.js';
import { type BrowserName, BROWSERS, type BrowserSupport, loadBrowserSupport } from './browser-support.js';
import { configurationsOf, contentTypeOf } from './content-type.js';
import { findingsOf } from './findings.js';
import type { BrowserPlayability, Effect, Playability, Reason, Verdict } from './playability.js';

/** What `/stream` sends of a file. */
export interface StreamForm {
  readonly outcomes: readonly RepairOutcome[];
  /** Of the repaired file; null where no repair applies, and `/stream` sends the stored bytes. */
  readonly report: MediaReport | null;
}

const STILL = ['avif', 'heif', 'jpeg2000'];

/**
 * Will it play, and if not why: in the current version of each browser. A hint from data about browsers, not a promise
 * about a device. Null for pictures, of which that is no question.
 *
 * @param file the stored bytes
 */
export function judge(
  file: MediaReport,
  stream: StreamForm,
  support: BrowserSupport = loadBrowserSupport(),
): Playability | null {
  if (STILL.includes(file.container)) return null;
  const best = stream.report ?? file;
  return {
    data: support.data,
    contentType: contentTypeOf(best),
    configurations: configurationsOf(best),
    browsers: BROWSERS.map((browser) => judgeFor(browser, file, stream, support)),
  };
}

function judgeFor(
  browser: BrowserName,
  file: MediaReport,
  { outcomes, report }: StreamForm,
  support: BrowserSupport,
): BrowserPlayability {
  const version = support.version(browser);
  const stored = findingsOf(file, browser, support);
  if (!report) return { browser, version, verdict: verdictOf(stored, 'plays'), reasons: byWeight(stored) };
  const left = findingsOf(report, browser, support);
  const cured = stored
    .filter(({ code, track }) => !left.some((other) => other.code === code && other.track === track))
    .map((reason): Reason => ({ ...reason, effect: 'repaired', advice: 'Play it from /stream.' }));
  const reasons = byWeight([...left, ...cured, ...repairs(outcomes)]);
  return { browser, version, verdict: verdictOf(left, 'plays-via-stream'), reasons };
}

const WEIGHT: Record<Effect, number> = { fails: 3, uncertain: 2, repaired: 1, drawback: 0 };

function byWeight(reasons: readonly Reason[]): Reason[] {
  return reasons.toSorted((a, b) => WEIGHT[b.effect] - WEIGHT[a.effect]);
}

function verdictOf(findings: readonly Reason[], otherwise: Verdict): Verdict {
  if (findings.some(({ effect }) => effect === 'fails')) return 'fails';
  return findings.some(({ effect }) => effect === 'uncertain') ? 'uncertain' : otherwise;
}

/** What was done, in the repairs' own words. */
function repairs(outcomes: readonly RepairOutcome[]): Reason[] {
  return outcomes.flatMap((outcome): Reason[] => {
    if (outcome.state !== 'applied') return [];
    const message = [`/stream sends it with the repair ${outcome.repair}.`, ...outcome.changes].join(' ');
    return [{ code: 'repaired', effect: 'repaired', message, track: null }];
  });
}
