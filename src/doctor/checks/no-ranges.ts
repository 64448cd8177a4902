import { type Check } from '../check.js';
import { RANGES } from '../remedies.js';
import { appleProbe, openRange } from '../requests.js';

export const noRanges: Check = {
  code: 'no-ranges',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  lines: RANGES,
  async look(visit) {
    const [open, probe] = [await openRange(visit), await appleProbe(visit)];
    if (open.status !== 200 || probe.status !== 200) return undefined;
    if (probe.field('accept-ranges')?.toLowerCase() === 'bytes') return undefined;
    return {
      seen: 'Asked for two bytes (Range: bytes=0-1), the server sends 200 and the whole file: it has no ranges.',
      breaks:
        'Safari does not play it, or takes it for an endless live broadcast; in Chrome each seek lands at 0, in Firefox at what has arrived.',
      change: 'Serve media from something that answers ranges by 206, and let no proxy drop the Range field.',
    };
  },
};
