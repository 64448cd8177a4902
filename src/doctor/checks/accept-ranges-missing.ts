import { type Check, MOOT, type Observation } from '../check.js';
import { openRange, rangedSize, whole } from '../requests.js';

export const acceptRangesMissing: Check = {
  code: 'accept-ranges-missing',
  severity: 'warning',
  affects: ['Safari', 'players'],
  lines: {
    nginx: 'add_header Accept-Ranges bytes;  # where a proxied application leaves it out',
    Apache: 'Header set Accept-Ranges bytes',
    Caddy: 'header Accept-Ranges bytes',
    Express: "res.set('Accept-Ranges', 'bytes')",
  },
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    if ((await rangedSize(visit)) === undefined) return MOOT;
    const [open, full] = [await openRange(visit), await whole(visit)];
    const told = (open.field('accept-ranges') ?? full.field('accept-ranges'))?.toLowerCase();
    if (told === 'bytes') return undefined;
    return {
      seen: `Ranges work, but Accept-Ranges ${told === undefined ? 'is missing' : 'says something else'}.`,
      breaks:
        'WebKit begins without a range and looks there whether it may seek; downloads look there whether to resume.',
      change: 'Send Accept-Ranges: bytes with 200 and 206.',
    };
  },
};
