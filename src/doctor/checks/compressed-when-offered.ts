import { type Check } from '../check.js';
import { NO_COMPRESSION } from '../remedies.js';
import { quote } from '../wire/text.js';

export const compressedWhenOffered: Check = {
  code: 'compressed-when-offered',
  severity: 'warning',
  affects: ['players'],
  lines: NO_COMPRESSION,
  async look(visit) {
    const offer = { 'Accept-Encoding': 'gzip, deflate, br, zstd' };
    const plainly = await visit.send({ fields: offer });
    const ranged = await visit.send({ fields: { ...offer, Range: 'bytes=0-' } });
    const answer = plainly.encoding ? plainly : ranged;
    if (!answer.encoding) return undefined;
    return {
      seen: `Where compression is offered (as fetch() does), media comes with Content-Encoding: ${quote(answer.encoding)}.`,
      breaks: `It loses ${answer.length === undefined ? 'its length and ' : ''}its ranges on the way to players written in script, and wastes time; media elements do not offer it.`,
      change: 'Leave audio and video out of the compression.',
    };
  },
};
