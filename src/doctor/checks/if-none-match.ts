import { type Check, MOOT, type Observation } from '../check.js';
import { stableTag } from '../requests.js';

export const ifNoneMatch: Check = {
  code: 'if-none-match',
  severity: 'info',
  affects: ['Chrome', 'Firefox', 'Safari'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const tag = await stableTag(visit);
    if (tag === undefined) return MOOT;
    const { status } = await visit.send({ fields: { 'If-None-Match': tag } });
    if (status === 304) return undefined;
    return {
      seen: `If-None-Match with the ETag of the file is answered by ${status}, not by 304.`,
      breaks: 'What a browser has in its cache already is sent again.',
      change: 'Answer 304 without a body when the tag matches.',
    };
  },
};
