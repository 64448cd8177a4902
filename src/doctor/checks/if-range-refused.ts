import { type Check, MOOT, type Observation } from '../check.js';
import { honoursIfRange } from '../remote/inspect-remote.js';
import { rangedSize, stableTag } from '../requests.js';

export const ifRangeRefused: Check = {
  code: 'if-range-refused',
  severity: 'warning',
  affects: ['Chrome'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const tag = await stableTag(visit);
    if (tag === undefined || tag.startsWith('W/') || (await rangedSize(visit)) === undefined) return MOOT;
    if (await honoursIfRange(visit, tag)) return undefined;
    return {
      seen: 'A range that is asked for with If-Range and the very ETag of the file comes as the whole file.',
      breaks: 'Chrome asks so when it seeks: each time the file starts again from its first byte.',
      change: 'Compare If-Range with the ETag as it is sent; see whether a proxy changes one of them.',
    };
  },
};
