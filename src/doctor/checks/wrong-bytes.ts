import { type Check, MOOT, type Observation } from '../check.js';
import { openRange, ranged, rangedSize } from '../requests.js';

/** Bytes of each piece; with what they are shifted by less than is kept of the first answer. */
const PIECE = 4096;

export const wrongBytes: Check = {
  code: 'wrong-bytes',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const size = await rangedSize(visit);
    if (size === undefined || size < 8) return MOOT;
    const length = Math.min(PIECE, Math.floor(size / 2));
    const middle = Math.floor((size - length) / 2);
    const shift = Math.floor(length / 3);
    const open = await openRange(visit);
    const last = open.status === 206 ? '' : String(middle + shift + length - 1);
    // As Safari reads a file, and as all others seek in it: with a last position and without.
    const pieces = [
      { offset: middle, range: `bytes=${middle}-${middle + length - 1}` },
      { offset: middle + shift, range: `bytes=${middle + shift}-${last}` },
      { offset: shift, range: `bytes=${shift}-${shift + length - 1}` },
    ];
    const bodies: Buffer[] = [];
    for (const { offset, range } of pieces) {
      const answer = await ranged(visit, range, length);
      if (answer.status !== 206 || answer.range?.first !== offset)
        return {
          seen: `Range: ${range} is answered by ${answer.status}, Content-Range from ${answer.range?.first ?? 'nowhere'}.`,
          breaks: 'What works at the start of the file does not work in the middle of it: seeking fails.',
        };
      const isOpen = range.endsWith('-');
      if (answer.body.length !== length || (!isOpen && answer.end !== 'complete'))
        return {
          seen: `For ${range}, ${answer.end === 'stopped' ? `more than ${length}` : answer.body.length} bytes came.`,
          breaks: 'Players wait for the rest, or take the surplus for the start of the next answer.',
          change: 'Send exactly the range that Content-Range names.',
        };
      bodies.push(answer.body);
    }
    const [first, second, early] = bodies as [Buffer, Buffer, Buffer];
    const start = open.body.subarray(shift, shift + length);
    if (first.subarray(shift).equals(second.subarray(0, length - shift)) && early.equals(start))
      return undefined;
    return {
      seen: 'Two ranges that overlap bring different bytes for the same place.',
      breaks: 'Media falls apart after a seek: noise, blocks, or a player that gives up.',
      change:
        'Look for a cache that ignores Range in its key, servers with different copies, or an offset that is counted wrongly.',
    };
  },
};
