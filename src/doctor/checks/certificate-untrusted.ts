import { type Check } from '../check.js';

/** The same fault as `certificate` tells of, seen where it was asked to go on regardless. */
export const certificateUntrusted: Check = {
  code: 'certificate-untrusted',
  severity: 'warning',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  async look({ arrival: { answer } }) {
    if (!answer?.certificateFault) return undefined;
    return {
      seen: `The certificate ${answer.certificateFault}; it was passed over as --insecure asks.`,
      breaks: 'Browsers load no media from there unless somebody has made an exception.',
    };
  },
};
