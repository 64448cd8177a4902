import { type Check } from '../check.js';
import { appleProbe } from '../requests.js';

export const contentRangeSize: Check = {
  code: 'content-range-size',
  severity: 'failure',
  affects: ['Chrome', 'Safari'],
  async look(visit) {
    const { status, range } = await appleProbe(visit);
    if (status !== 206 || !range || range.size !== undefined) return undefined;
    return {
      seen: `Content-Range says bytes ${range.first}-${range.last}/*: the size of the file is not told.`,
      breaks: 'In Chrome each seek in an MP4 lands at 0; Safari asks for two bytes just to learn the size.',
      change: 'Put the size of the whole file in place of the asterisk.',
    };
  },
};
