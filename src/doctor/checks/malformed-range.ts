import { type Check, MOOT, type Observation } from '../check.js';
import { ranged, rangedSize } from '../requests.js';

export const malformedRange: Check = {
  code: 'malformed-range',
  severity: 'warning',
  affects: ['players'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    if ((await rangedSize(visit)) === undefined) return MOOT;
    for (const range of ['bytes=0x0-0x1', 'bytes=5-2']) {
      const { status } = await ranged(visit, range);
      // RFC 9110 §14.2 leaves the choice: ignore it, or 416. Some answer 400, which harms nobody.
      if (status === 200 || (status >= 400 && status < 500)) continue;
      return {
        seen: `A Range that follows no grammar (${range}) is answered by ${status}.`,
        breaks:
          status === 206 ? 'A guessed range is the wrong bytes for whoever asked.' : 'It upsets the server.',
        change: 'Ignore what is no range and send the whole file with 200.',
      };
    }
    return undefined;
  },
};
