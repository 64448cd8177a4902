import { type Check, MOOT, type Observation } from '../check.js';
import { openRange, rangedSize, slice } from '../requests.js';

/** Read twice, the second time from a little later; less than is kept of the first answer. */
const PIECE = 4096;

export const wrongBytes: Check = {
  code: 'wrong-bytes',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const size = await rangedSize(visit);
    if (size === undefined || size < 4) return MOOT;
    const piece = Math.min(PIECE, Math.floor(size / 2));
    const middle = Math.floor((size - piece) / 2);
    const shift = Math.floor(piece / 3);
    const first = await slice(visit, middle, piece);
    const second = await slice(visit, middle + shift, piece);
    const start = await slice(visit, shift, piece);
    const open = await openRange(visit);
    for (const [answer, offset] of [
      [first, middle],
      [second, middle + shift],
      [start, shift],
    ] as const) {
      if (answer.status !== 206 || answer.range?.first !== offset)
        return {
          seen: `Bytes ${offset}-${offset + piece - 1} are answered by ${answer.status}, Content-Range from ${answer.range?.first ?? 'nowhere'}.`,
          breaks: 'What works at the start of the file does not work in the middle of it: seeking fails.',
        };
      if (answer.body.length !== piece || answer.end !== 'complete')
        return {
          seen: `Of the ${piece} bytes from ${offset}, ${answer.end === 'stopped' ? 'more' : `${answer.body.length}`} came.`,
          breaks: 'Players wait for the rest, or take the start of the next answer for it.',
          change: 'Send exactly the range that Content-Range names.',
        };
    }
    const agree =
      first.body.subarray(shift).equals(second.body.subarray(0, piece - shift)) &&
      start.body.equals(open.body.subarray(shift, shift + piece));
    if (agree) return undefined;
    return {
      seen: 'Two ranges that overlap bring different bytes for the same place.',
      breaks: 'Media falls apart after a seek: noise, blocks, or a player that gives up.',
      change:
        'Look for a cache that ignores Range in its key, servers with different copies, or an offset that is counted wrongly.',
    };
  },
};
