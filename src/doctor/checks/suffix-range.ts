import { type Check, MOOT, type Observation } from '../check.js';
import { ranged, rangedSize, slice } from '../requests.js';

const LENGTH = 500;

export const suffixRange: Check = {
  code: 'suffix-range',
  severity: 'warning',
  affects: ['players'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const size = await rangedSize(visit);
    if (size === undefined) return MOOT;
    const length = Math.min(LENGTH, size);
    const { status, range, body } = await ranged(visit, `bytes=-${LENGTH}`);
    const tail = await slice(visit, size - length, length);
    const isTail = range?.first === size - length && range.last === size - 1;
    if (status === 206 && isTail && body.equals(tail.body)) return undefined;
    const place = range ? `Content-Range ${range.first}-${range.last}` : 'no usable Content-Range';
    return {
      seen: `The last ${LENGTH} bytes (Range: bytes=-${LENGTH}) are answered by ${status}${status === 206 ? ` with ${isTail ? 'other bytes' : place}` : ''}.`,
      breaks: 'Players and tools that look at the end first, for an index or tags, get something else.',
      change: 'Answer the last N bytes, or the whole file if it is shorter (RFC 9110, 14.1.2).',
    };
  },
};
