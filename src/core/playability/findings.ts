import type { MediaReport, Problem, TrackReport } from '../media/index.js';
import { BROWSER_LABELS, type BrowserName, type BrowserSupport } from './browser-support.js';
import { type Ability, decodes, isApple, isProvenIn } from './codec-support.js';
import { opens } from './container-support.js';
import type { Effect, Reason, ReasonCode } from './playability.js';

const INTO_MP4 =
  'Put the same streams into MP4 without re-encoding: ffmpeg -i FILE -c copy -movflags +faststart out.mp4';
const BY_SCRIPT = 'Play it in a page with a script that plays HLS, such as hls.js.';
const PICTURE_ANEW =
  'Encode the picture as H.264: ffmpeg -i FILE -c:v libx264 -pix_fmt yuv420p -c:a copy -movflags +faststart out.mp4';
const SOUND_ANEW =
  'Encode the sound alone as AAC: ffmpeg -i FILE -c:v copy -c:a aac -movflags +faststart out.mp4';

/** Problems with which nothing plays at all. */
const FATAL = ['compressed-moov', 'external-media', 'no-mdat', 'no-moov', 'no-tracks'];
/** Problems that are told track by track. */
const OF_A_TRACK = ['encrypted', 'hev1'];

/** Everything that keeps a browser from playing these very bytes, or makes it worse. */
export function findingsOf(report: MediaReport, browser: BrowserName, support: BrowserSupport): Reason[] {
  const advice = report.container === 'hls' ? BY_SCRIPT : INTO_MP4;
  const container = inability(opens(report.container, browser, support), 'container', null, advice);
  const shown = [mainTrack(report, 'video'), mainTrack(report, 'audio')].filter(
    (track) => track !== undefined,
  );
  return [
    ...report.problems.flatMap((problem) => ofProblem(problem, report)),
    ...container,
    ...shown.flatMap((track) => ofTrack(track, report, browser, support)),
    ...otherTracks(report, shown, browser, support),
  ];
}

/** The track a media element shows of itself: the first enabled one of its kind. */
function mainTrack({ tracks }: MediaReport, kind: TrackReport['kind']): TrackReport | undefined {
  const candidates = tracks.filter((track) => track.kind === kind);
  return candidates.find(({ enabled }) => enabled) ?? candidates[0];
}

function ofProblem({ code, severity, message, fix }: Problem, report: MediaReport): Reason[] {
  if (OF_A_TRACK.includes(code)) return [];
  const advice = fix === undefined ? {} : { advice: fix };
  const reason = (effect: Effect): Reason[] => [{ code, effect, message, ...advice, track: null }];
  if (FATAL.includes(code)) return reason('fails');
  if (severity === 'error') return reason('uncertain');
  if (severity === 'warning') return reason('drawback');
  // Chromium looks at every fragment before it starts when no index says where they are: 33 requests for a minute.
  const unindexed = code === 'fragmented' && !report.boxes.some(({ type }) => type === 'sidx');
  return unindexed ? reason('drawback') : [];
}

function ofTrack(
  track: TrackReport,
  report: MediaReport,
  browser: BrowserName,
  support: BrowserSupport,
): Reason[] {
  const { id, codec, codecName, kind } = track;
  const name = trackName(track);
  if (track.encrypted) {
    const message = `${name} is encrypted, and a media element alone has no key to it.`;
    return [{ code: 'encrypted', effect: 'fails', message, track: id }];
  }
  // Safari and QuickTime refuse parameter sets in the samples (Apple's HLS authoring specification §1.10 asks for hvc1).
  if ((codec ?? track.sampleEntry ?? '').startsWith('hev1') && isApple(browser)) {
    const message = `${name} is HEVC tagged hev1; ${BROWSER_LABELS[browser]} only plays the tag hvc1.`;
    const advice = 'Change the tag without re-encoding: ffmpeg -i FILE -c copy -tag:v hvc1 out.mp4';
    return [{ code: 'hev1', effect: 'fails', message, advice, track: id }];
  }
  const ability = decodes(track, report.container, browser, support);
  const advice = kind === 'video' ? PICTURE_ANEW : SOUND_ANEW;
  const missing = kind === 'video' ? 'There would be no picture.' : 'There would be no sound.';
  if (ability.level !== 'yes') {
    const why = ability.level === 'no' ? `${ability.why} ${missing}` : ability.why;
    return inability({ level: ability.level, why: `${name}: ${why}` }, 'codec', id, advice);
  }
  if (isProvenIn(codecName!, report.container, browser)) return [];
  const why = `${name}: nobody has verified that ${BROWSER_LABELS[browser]} plays this codec in ${report.container}.`;
  return inability({ level: 'uncertain', why }, 'codec', id, INTO_MP4);
}

/** A second sound track that cannot be chosen is no reason for the film not to play. */
function otherTracks(
  report: MediaReport,
  shown: readonly TrackReport[],
  browser: BrowserName,
  support: BrowserSupport,
): Reason[] {
  const others = report.tracks.filter(
    (track) => (track.kind === 'audio' || track.kind === 'video') && !shown.includes(track),
  );
  return others.flatMap((track): Reason[] => {
    const ability = decodes(track, report.container, browser, support);
    if (ability.level !== 'no') return [];
    const message = `${trackName(track)} cannot be chosen: ${ability.why}`;
    return [{ code: 'other-track-unsupported', effect: 'drawback', message, track: track.id }];
  });
}

function trackName({ id, kind, codec, codecName, sampleEntry }: TrackReport): string {
  return `Track ${id} (${kind}, ${codec ?? codecName ?? sampleEntry ?? 'unknown codec'})`;
}

function inability(
  ability: Ability,
  about: 'codec' | 'container',
  track: number | null,
  advice: string,
): Reason[] {
  if (ability.level === 'yes') return [];
  const [effect, ending] =
    ability.level === 'no' ? (['fails', 'unsupported'] as const) : (['uncertain', 'uncertain'] as const);
  const code: ReasonCode = `${about}-${ending}`;
  return [{ code, effect, message: ability.why, advice, track }];
}
