import { type Check, MOOT, type Observation } from '../check.js';
import { gapsOf } from '../remote/engine-support.js';
import { inspected } from '../remote/inspect-remote.js';

export const codecs: Check = {
  code: 'codecs',
  severity: 'warning',
  affects: [],
  async look(visit): Promise<readonly Observation[] | typeof MOOT> {
    const media = await inspected(visit);
    if (media.kind !== 'media' && media.kind !== 'start') return MOOT;
    return gapsOf(media.report).map(({ what, why, affects }) => ({
      seen: `${what}.`,
      breaks: `${why[0]!.toUpperCase()}${why.slice(1)}, whatever the server does.`,
      change: 'For all browsers: H.264 with AAC in MP4.',
      affects,
    }));
  },
};
