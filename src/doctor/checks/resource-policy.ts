import { type Check } from '../check.js';
import { fromElsewhere } from '../cors.js';
import { quote } from '../wire/text.js';

export const resourcePolicy: Check = {
  code: 'resource-policy',
  severity: 'warning',
  affects: ['Chrome', 'Firefox', 'Safari'],
  lines: {
    nginx: 'add_header Cross-Origin-Resource-Policy cross-origin;',
    Apache: 'Header set Cross-Origin-Resource-Policy cross-origin',
    Caddy: 'header Cross-Origin-Resource-Policy cross-origin',
    Express: "helmet({ crossOriginResourcePolicy: { policy: 'cross-origin' } })",
    CloudFront: 'Response headers policy: Cross-Origin-Resource-Policy: cross-origin',
  },
  async look(visit) {
    const policy = (await fromElsewhere(visit)).field('cross-origin-resource-policy')?.trim().toLowerCase();
    if (policy === undefined || policy === 'cross-origin') return undefined;
    return {
      seen: `Cross-Origin-Resource-Policy is ${quote(policy)}.`,
      breaks: `On a page of another ${policy === 'same-site' ? 'site' : 'origin'} the media ends in error 4; on its own pages it plays.`,
      change: 'Send cross-origin for media that other pages may show.',
    };
  },
};
