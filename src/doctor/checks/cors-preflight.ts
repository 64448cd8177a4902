import { type Check, MOOT, type Observation } from '../check.js';
import { fromElsewhere } from '../cors.js';

export const corsPreflight: Check = {
  code: 'cors-preflight',
  severity: 'info',
  affects: ['players'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const { origin } = visit.options;
    if ((await fromElsewhere(visit)).field('access-control-allow-origin') === undefined) return MOOT;
    const answer = await visit.send({
      method: 'OPTIONS',
      fields: {
        Origin: origin,
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'if-range,range',
      },
    });
    const allowed = (answer.field('access-control-allow-headers') ?? '').toLowerCase().split(/[,\s]+/);
    const isAllowed =
      answer.status >= 200 &&
      answer.status < 300 &&
      answer.field('access-control-allow-origin') !== undefined &&
      (allowed.includes('*') || (allowed.includes('range') && allowed.includes('if-range')));
    if (isAllowed) return undefined;
    return {
      seen: `Asked whether script elsewhere may send Range and If-Range (OPTIONS), the server says no (${answer.status}).`,
      breaks:
        'Media elements need no such question, nor does a plain range of fetch(); several or conditional ranges do.',
      change: 'Answer OPTIONS by 204 with Access-Control-Allow-Headers: Range, If-Range.',
    };
  },
};
