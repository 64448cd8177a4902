import { type Check } from '../check.js';
import { fromElsewhere } from '../cors.js';

export const corsCredentials: Check = {
  code: 'cors-credentials',
  severity: 'warning',
  affects: ['Chrome', 'Firefox', 'Safari'],
  async look(visit) {
    const answer = await fromElsewhere(visit);
    if (answer.field('access-control-allow-origin') !== '*') return undefined;
    if (answer.field('access-control-allow-credentials')?.toLowerCase() !== 'true') return undefined;
    return {
      seen: 'Any origin (*) is allowed together with credentials, which browsers refuse.',
      breaks: 'With crossorigin="use-credentials" the media ends in error 4.',
      change:
        'Name the one origin that asks, with Vary: Origin, or leave Access-Control-Allow-Credentials away.',
    };
  },
};
