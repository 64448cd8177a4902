import { type Check, MOOT, type Observation } from '../check.js';
import { ranged, rangedSize } from '../requests.js';

export const rangePastEnd: Check = {
  code: 'range-past-end',
  severity: 'warning',
  affects: ['players'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const size = await rangedSize(visit);
    if (size === undefined) return MOOT;
    const first = Math.max(0, size - 200);
    const asked = `bytes=${first}-${size + 999}`;
    const { status, range, body, end } = await ranged(visit, asked);
    const isClamped = range?.first === first && range.last === size - 1 && body.length === size - first;
    if (status === 206 && isClamped && end === 'complete') return undefined;
    const how = status === 206 ? ` with ${body.length} bytes where ${size - first} are left` : '';
    return {
      seen: `A range that reaches past the end (${asked} of ${size}) is answered by ${status}${how}.`,
      breaks:
        'Players that read in fixed pieces lose the last one: the end of the film is missing, or they hang there.',
      change: 'Cut the range at the end of the file and answer 206 (RFC 9110, 14.1.2).',
    };
  },
};
