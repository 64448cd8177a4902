import { type Check } from '../check.js';
import { RANGES } from '../remedies.js';
import { rangesIgnored } from '../requests.js';

export const noRanges: Check = {
  code: 'no-ranges',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  lines: RANGES,
  async look(visit) {
    if ((await rangesIgnored(visit)) !== 'not-announced') return undefined;
    return {
      seen: 'Asked for two bytes (Range: bytes=0-1), the server sends 200 and the whole file: it has no ranges.',
      breaks:
        'Safari does not play it, or takes it for an endless live broadcast; in Chrome each seek lands at 0, in Firefox at what has arrived.',
      change: 'Serve media from something that answers ranges by 206, and let no proxy drop the Range field.',
    };
  },
};
