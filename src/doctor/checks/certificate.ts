import { type Check } from '../check.js';
import { shortUrl } from '../wire/text.js';

export const certificate: Check = {
  code: 'certificate',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  decisive: true,
  lines: {
    nginx: 'ssl_certificate /etc/ssl/fullchain.pem;  # the chain, not the certificate alone',
    Apache: 'SSLCertificateFile /etc/ssl/fullchain.pem',
    Caddy: 'media.example.org { ... }  # Caddy fetches certificates for public names itself',
  },
  async look({ arrival: { error, url } }) {
    if (error?.kind !== 'certificate') return undefined;
    return {
      seen: `${shortUrl(url)} cannot be trusted: ${error.message}.`,
      breaks:
        'Browsers load no media from there, and nothing else could be checked; --insecure goes on regardless.',
      change: 'Install a certificate for this host name together with its whole chain.',
    };
  },
};
