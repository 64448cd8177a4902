import { type Check, MOOT, type Observation } from '../check.js';
import { rangedSize } from '../requests.js';

export const ifRangeIgnored: Check = {
  code: 'if-range-ignored',
  severity: 'warning',
  affects: ['Chrome', 'players'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    if ((await rangedSize(visit)) === undefined) return MOOT;
    const { status } = await visit.send({ fields: { Range: 'bytes=0-1', 'If-Range': '"another-version"' } });
    if (status === 200) return undefined;
    return {
      seen: `A range on condition of another version (If-Range with a foreign ETag) is answered by ${status}.`,
      breaks: 'When the file is replaced, a resumed download or a seek puts pieces of two versions together.',
      change: 'Send 200 and the whole file when If-Range does not match (RFC 9110, 13.1.5).',
    };
  },
};
