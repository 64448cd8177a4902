import { type Check } from '../check.js';
import { openRange } from '../requests.js';

export const noStore: Check = {
  code: 'no-store',
  severity: 'info',
  affects: ['Chrome', 'Safari'],
  lines: {
    nginx: 'add_header Cache-Control no-cache;',
    Apache: 'Header set Cache-Control no-cache',
    Caddy: 'header Cache-Control no-cache',
    Express: "res.set('Cache-Control', 'no-cache')",
    CloudFront: 'Response headers policy: Cache-Control: no-cache, override',
  },
  async look(visit) {
    if (!(await openRange(visit)).cacheDirective('no-store')) return undefined;
    return {
      seen: 'Cache-Control: no-store forbids to keep any of it.',
      breaks:
        'What was played is fetched again on every loop and seek back; Chrome then resumes without If-Range.',
      change:
        'no-cache lets the browser keep it and ask whether it changed; private keeps it out of shared caches.',
    };
  },
};
