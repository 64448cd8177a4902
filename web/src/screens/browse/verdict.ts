import type { Inspection } from '../../api/types.ts';
import type { BrowserName } from '../../lib/this-browser.ts';

/**
 * What there is to say about a file in this browser. `plays`: nothing. `repaired`: it plays since the server mends it on
 * the way. `late`: its index stands behind the media; from this server it starts at once, elsewhere it does not.
 * `damaged`: it may play, but not to its end. `fails`: picture or sound would be missing, or both.
 */
export type VerdictKind = 'plays' | 'repaired' | 'late' | 'damaged' | 'fails';

export interface Verdict {
  readonly kind: VerdictKind;
  /** Sentences of the server that say more, in English. */
  readonly reasons: readonly string[];
}

/** Containers whose names browsers know, so that a "no" is about what is inside. */
const NAMED = ['mp4', 'm4a', 'webm', 'ogg', 'mp3', 'aac', 'flac', 'wav'];

/**
 * The verdict for this browser: what is known of its kind, and what it says itself, which counts for more where it is sure.
 * @param canPlayType of a media element, asked with `contentType`
 */
export function verdictOf(
  report: Inspection,
  browser: BrowserName | undefined,
  canPlayType: (contentType: string) => string,
): Verdict {
  const { playability, problems, repairs, faststart } = report;
  // Of a still picture there is nothing to say.
  if (!playability) return { kind: 'plays', reasons: [] };

  const answer = canPlayType(playability.contentType);
  const known = playability.browsers.find((one) => one.browser === browser);
  const failures = known?.reasons.filter(({ effect }) => effect === 'fails') ?? [];
  const saysNo =
    answer === '' && NAMED.includes(report.container) && playability.contentType.includes('codecs=');
  if (saysNo || (known?.verdict === 'fails' && answer !== 'probably'))
    return { kind: 'fails', reasons: failures.map(({ message }) => message) };

  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { kind: 'damaged', reasons: errors.map(({ message }) => message) };

  const changes = repairs.flatMap((repair) => (repair.state === 'applied' ? repair.changes : []));
  if (faststart === false) return { kind: 'late', reasons: changes };
  if (changes.length > 0) return { kind: 'repaired', reasons: changes };
  return { kind: 'plays', reasons: [] };
}
