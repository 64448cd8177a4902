import { type Check } from '../check.js';
import { appleProbe } from '../requests.js';

export const contentRangeMissing: Check = {
  code: 'content-range-missing',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari'],
  async look(visit) {
    const probe = await appleProbe(visit);
    if (probe.status !== 206 || probe.field('content-range') !== undefined) return undefined;
    return {
      seen: 'Status 206 comes without a Content-Range.',
      breaks:
        'Chrome ends with error 4, Firefox cannot seek, and Safari does not learn how long the file is.',
      change: 'Send Content-Range: bytes first-last/size with every 206; see whether a proxy removes it.',
    };
  },
};
