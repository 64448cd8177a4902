import { type Check, type Observation } from '../check.js';
import { stableTag, whole } from '../requests.js';
import { quote } from '../wire/text.js';

const FIELDS = ['content-length', 'content-type', 'accept-ranges', 'last-modified', 'content-encoding'];

export const headDiffers: Check = {
  code: 'head-differs',
  severity: 'warning',
  affects: ['players'],
  async look(visit): Promise<Observation | undefined> {
    const [head, get] = [await visit.send({ method: 'HEAD' }), await whole(visit)];
    if (head.status !== get.status) {
      return {
        seen: `HEAD is answered by ${head.status}, GET by ${get.status}.`,
        breaks:
          'Browsers never send HEAD for media; some TVs, download tools and link checkers do, and give up.',
        severity: 'info',
      };
    }
    const tag = (await stableTag(visit)) === undefined ? [] : ['etag'];
    const name = [...FIELDS, ...tag].find((field) => head.field(field) !== get.field(field));
    // A server may leave out what it would have to make the body for (RFC 9110 §9.3.2).
    if (name === undefined || (name === 'content-length' && head.length === undefined)) return undefined;
    return {
      seen: `HEAD says ${name} ${quote(head.field(name))}, GET says ${quote(get.field(name))}.`,
      breaks: 'TVs and download tools ask HEAD first, and then expect another file than they get.',
      change: 'Answer HEAD by the header that GET would have.',
    };
  },
};
