import { type Check } from '../check.js';
import { shortUrl } from '../wire/text.js';

const KINDS = ['unresolved', 'refused', 'unreachable', 'timeout', 'closed', 'tls', 'limit'];

export const unreachable: Check = {
  code: 'unreachable',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  decisive: true,
  async look({ arrival: { error, url } }) {
    if (!error || !KINDS.includes(error.kind)) return undefined;
    return {
      seen: `${shortUrl(url)} gives no answer: ${error.message}.`,
      breaks: 'Nothing can be played from there, and nothing else was checked.',
      change:
        error.kind === 'tls'
          ? 'Check that this port speaks TLS, or use the http URL.'
          : 'Check the host name, the port, the firewall, and that the server runs; --timeout gives it more time.',
    };
  },
};
