import { type Check } from '../check.js';
import { appleProbe, openRange } from '../requests.js';
import { quote } from '../wire/text.js';

export const contentRangeWrong: Check = {
  code: 'content-range-wrong',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  async look(visit) {
    for (const [asked, answer] of [
      ['bytes=0-1', await appleProbe(visit)],
      ['bytes=0-', await openRange(visit)],
    ] as const) {
      const value = answer.field('content-range');
      if (answer.status !== 206 || value === undefined || answer.range?.first === 0) continue;
      return {
        seen: `Asked for ${asked}, the server sends 206 with Content-Range: ${quote(value)}.`,
        breaks: 'That is another range, or none at all: players put the bytes in the wrong place or give up.',
        change: 'Send bytes first-last/size, positions counted from 0, the last one included.',
      };
    }
    return undefined;
  },
};
