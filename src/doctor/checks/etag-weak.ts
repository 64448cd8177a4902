import { type Check, MOOT, type Observation } from '../check.js';
import { honoursIfRange } from '../remote/inspect-remote.js';
import { rangedSize, stableTag } from '../requests.js';
import { quote } from '../wire/text.js';

export const etagWeak: Check = {
  code: 'etag-weak',
  severity: 'info',
  affects: ['Chrome'],
  lines: {
    nginx: 'gzip off;  # compression makes ETags weak',
    Express: 'Its weak ETags do no harm: it lets If-Range pass with them.',
    Cloudflare: 'Send Cache-Control: no-transform, or turn "Respect Strong ETags" on.',
  },
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const tag = await stableTag(visit);
    if (tag === undefined || (await rangedSize(visit)) === undefined) return MOOT;
    if (!tag.startsWith('W/')) return undefined;
    if (await honoursIfRange(visit, tag))
      return {
        seen: `The ETag ${quote(tag)} is weak, yet If-Range passes with it.`,
        breaks: 'Ranges of two versions could get mixed; seeking works.',
      };
    return {
      seen: `The ETag ${quote(tag)} is weak.`,
      breaks:
        'Chrome sends it in If-Range, where only strong ones count: each seek fetches the whole file again.',
      change: 'Send a strong ETag, without W/ in front, for media.',
      severity: 'warning',
    };
  },
};
