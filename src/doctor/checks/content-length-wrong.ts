import { type Check, MOOT, type Observation } from '../check.js';
import { openRange, rangedSize, whole } from '../requests.js';

export const contentLengthWrong: Check = {
  code: 'content-length-wrong',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const size = await rangedSize(visit);
    const full = await whole(visit);
    const open = await openRange(visit);
    const change =
      'Take the size from the file at the moment it is opened; see whether something rewrites the body.';
    if (full.end === 'broken' && full.length !== undefined)
      return {
        seen: `Content-Length says ${full.length} bytes, and the connection breaks after ${full.body.length}.`,
        breaks: 'Browsers take it for a cut connection and ask again and again.',
        change,
      };
    if (full.status === 200 && size !== undefined && full.length !== undefined && full.length !== size)
      return {
        seen: `Content-Length of the whole file says ${full.length} bytes, Content-Range says ${size}.`,
        breaks: 'Two sizes for one file: seeking lands in the wrong place, or the end is never reached.',
        change,
      };
    const { range, length } = open;
    if (open.status === 206 && range && length !== undefined && length !== range.last - range.first + 1)
      return {
        seen: `Content-Range names ${range.last - range.first + 1} bytes, Content-Length says ${length}.`,
        breaks:
          'A browser believes one of them, and waits for bytes that do not come or misses some that do.',
        change,
      };
    return size === undefined && full.length === undefined ? MOOT : undefined;
  },
};
