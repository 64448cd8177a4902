import { type Check } from '../check.js';
import { fromElsewhere } from '../cors.js';
import { openRange } from '../requests.js';

export const corsVary: Check = {
  code: 'cors-vary',
  severity: 'warning',
  affects: ['Chrome', 'Firefox', 'Safari'],
  lines: {
    nginx: 'add_header Vary Origin always;',
    Apache: 'Header merge Vary Origin',
    Caddy: 'header +Vary Origin',
    Express: "res.vary('Origin')",
    CloudFront: 'Cache policy: the header Origin belongs to the cache key',
  },
  async look(visit) {
    const asked = await fromElsewhere(visit);
    const own = await openRange(visit);
    const allowed = asked.field('access-control-allow-origin');
    if (allowed === undefined || allowed === own.field('access-control-allow-origin')) return undefined;
    const varies = /(?:^|[,\s])(?:origin|\*)(?:$|[,\s])/i.test(own.field('vary') ?? '');
    if (varies || own.cacheDirective('no-store')) return undefined;
    return {
      seen: 'The permission for other origins depends on who asks, but Vary: Origin is missing.',
      breaks:
        'A cache keeps the answer for one page and gives it to another: media fails now and then, and only for some.',
      change: 'Send Vary: Origin with every answer, also where no Origin was asked for.',
    };
  },
};
