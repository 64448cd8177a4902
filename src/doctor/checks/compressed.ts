import { type Check } from '../check.js';
import { quote } from '../wire/text.js';
import { NO_COMPRESSION } from '../remedies.js';

export const compressed: Check = {
  code: 'compressed',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari'],
  decisive: true,
  lines: NO_COMPRESSION,
  async look({ first }) {
    if (!first.encoding) return undefined;
    return {
      seen: `Media comes with Content-Encoding: ${quote(first.encoding)} although only identity was accepted.`,
      breaks:
        'Ranges then count compressed bytes: Chrome and Safari end with error 4, Firefox cannot seek. Nothing else was checked.',
      change: 'Never compress audio and video; they are compressed already.',
    };
  },
};
