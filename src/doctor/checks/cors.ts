import { type Check, type Observation } from '../check.js';
import { fromElsewhere } from '../cors.js';
import { CORS } from '../remedies.js';

export const cors: Check = {
  code: 'cors',
  severity: 'info',
  affects: ['Chrome', 'Firefox', 'Safari'],
  lines: CORS,
  async look(visit): Promise<Observation | undefined> {
    const { origin } = visit.options;
    const allowed = (await fromElsewhere(visit)).field('access-control-allow-origin');
    if (allowed === '*' || allowed === origin) return undefined;
    return {
      seen: `Script of a page on ${origin} may not read it${allowed === undefined ? '' : ': another origin is allowed'}.`,
      breaks:
        'A plain media element plays it; with crossorigin, with subtitles, Web Audio, canvas or fetch() it does not. Fine if no page elsewhere needs that.',
      change: 'Allow the origins that need it.',
    };
  },
};
