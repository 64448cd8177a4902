import { type Check, MOOT, type Observation } from '../check.js';
import { appleProbe, openRange } from '../requests.js';
import { quote } from '../wire/text.js';

export const etagUnstable: Check = {
  code: 'etag-unstable',
  severity: 'warning',
  affects: ['Chrome', 'players'],
  lines: {
    Apache: 'FileETag MTime Size  # INode differs from server to server',
    S3: 'Look for a proxy that makes ETags of its own; those of S3 are stable.',
  },
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const one = (await openRange(visit)).field('etag');
    const two = (await appleProbe(visit)).field('etag');
    if (one === undefined && two === undefined) return MOOT;
    if (one === two) return undefined;
    return {
      seen: `Two requests for the same file brought two ETags: ${quote(one)} and ${quote(two)}.`,
      breaks: 'Chrome sends the first one along when it seeks, and gets the whole file again each time.',
      change: 'Make the ETag from the file alone, the same on every server behind the balancer.',
    };
  },
};
