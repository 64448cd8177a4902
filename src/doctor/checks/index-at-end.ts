import { type Check, MOOT, type Observation } from '../check.js';
import { inspected } from '../remote/inspect-remote.js';

export const indexAtEnd: Check = {
  code: 'index-at-end',
  severity: 'warning',
  affects: ['Chrome', 'Firefox', 'Safari'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const media = await inspected(visit);
    if (media.kind !== 'media' && media.kind !== 'start') return MOOT;
    const { faststart, moov, mdats } = media.report;
    const change =
      'Move it to the front without re-encoding: playhead optimize in.mp4, or ffmpeg -i in.mp4 -c copy -movflags +faststart out.mp4';
    if (media.kind === 'media' && faststart === false) {
      return media.byRanges
        ? {
            seen: `The index of the film (moov) stands at byte ${moov?.offset}, behind the media.`,
            breaks:
              'With ranges that costs two more round trips before the first picture; without ranges it would not start.',
            change,
          }
        : withoutRanges(change);
    }
    if (media.kind === 'start' && moov === null && mdats.length > 0) return withoutRanges(change);
    return undefined;
  },
};

function withoutRanges(change: string): Observation {
  return {
    seen: 'The index of the film (moov) stands behind the media, and there are no ranges to fetch it by.',
    breaks: 'Chrome and Firefox load the whole file before the first picture, Safari never shows one.',
    change,
    severity: 'failure',
  };
}
