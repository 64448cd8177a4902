import { type Check, MOOT, type Observation } from '../check.js';
import { openRange, rangedSize } from '../requests.js';

export const openRangeCheck: Check = {
  code: 'open-range',
  severity: 'failure',
  affects: ['Safari'],
  lines: { Express: 'const end = range.end ?? size - 1;  // not Math.min(start + CHUNK, size - 1)' },
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const size = await rangedSize(visit);
    if (size === undefined) return MOOT;
    const { status, range, length } = await openRange(visit);
    if (status !== 206) {
      return {
        seen: `Range: bytes=0-1 is answered by 206, but bytes=0- by ${status}.`,
        breaks: 'Chrome and Firefox ask bytes=0- first and conclude that the file cannot be seeked.',
        change: 'Answer an open range by 206 and everything up to the end.',
        affects: ['Chrome', 'Firefox'],
      };
    }
    if (range?.first !== 0) return MOOT;
    if (range.last === size - 1 && (length === undefined || length === size)) return undefined;
    if (range.last === size - 1) return MOOT;
    return {
      seen: `Asked for bytes=0- of ${size} bytes, the server sends only ${range.last + 1}.`,
      breaks:
        'WebKit never asks for the next piece: after a seek the picture stands still at the end of this one.',
      change:
        'Never cap an open range; send everything up to the end, the browser stops reading when it has enough.',
    };
  },
};
