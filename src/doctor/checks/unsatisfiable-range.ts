import { type Check, MOOT, type Observation } from '../check.js';
import { openRange, ranged, rangedSize } from '../requests.js';
import { quote } from '../wire/text.js';

export const unsatisfiableRange: Check = {
  code: 'unsatisfiable-range',
  severity: 'warning',
  affects: ['players'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const size = await rangedSize(visit);
    if (size === undefined || (await openRange(visit)).status !== 206) return MOOT;
    const answer = await ranged(visit, `bytes=${size}-`);
    const told = answer.field('content-range')?.replace(/\s+/g, ' ').trim();
    if (answer.status === 416 && told === `bytes */${size}`) return undefined;
    return {
      seen: `A range behind the end (bytes=${size}-) is answered by ${answer.status}${answer.status === 416 ? ` with Content-Range: ${quote(told)}` : ''}.`,
      breaks:
        'Downloads that are complete do not notice it, and start again or append what they have already.',
      change: `Answer 416 with Content-Range: bytes */${size} and without the file.`,
    };
  },
};
