import { type Check, MOOT, type Observation } from '../check.js';
import { openRange, ranged, rangedSize } from '../requests.js';

export const wholeRange: Check = {
  code: 'whole-range',
  severity: 'failure',
  affects: ['Safari'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const size = await rangedSize(visit);
    const open = await openRange(visit);
    if (size === undefined || open.range?.last !== size - 1) return MOOT;
    const asked = `bytes=0-${size - 1}`;
    const { status, range } = await ranged(visit, asked);
    if (status === 206 && range?.first === 0 && range.last === size - 1) return undefined;
    return {
      seen: `The whole file as a range (${asked}) is answered by ${status}${range ? ` with bytes ${range.first}-${range.last}` : ''}.`,
      breaks:
        'Safari asks this second, once it knows the size, and stops when it gets less or something else.',
      change: 'Answer it by 206 and every byte.',
    };
  },
};
