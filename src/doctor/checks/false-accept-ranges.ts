import { type Check } from '../check.js';
import { RANGES } from '../remedies.js';
import { rangesIgnored } from '../requests.js';

export const falseAcceptRanges: Check = {
  code: 'false-accept-ranges',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  lines: RANGES,
  async look(visit) {
    if ((await rangesIgnored(visit)) !== 'announced') return undefined;
    return {
      seen: 'The server announces Accept-Ranges: bytes, and answers every range by 200 with the whole file.',
      breaks:
        'Safari believes it and ends with an error; Chrome and Firefox fetch the whole file again for each seek.',
      change: 'Answer ranges by 206, or do not announce them.',
    };
  },
};
