import { type Check } from '../check.js';

/** Names and addresses that browsers trust without TLS (W3C Secure Contexts §3.1). */
const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/;

export const mixedContent: Check = {
  code: 'mixed-content',
  severity: 'info',
  affects: ['Chrome', 'Firefox', 'Safari'],
  async look({ url }) {
    if (url.protocol !== 'http:' || LOOPBACK.test(url.hostname)) return undefined;
    return {
      seen: 'The URL is http.',
      breaks: 'Pages on https cannot play it: browsers fetch it by https or not at all.',
      change: 'Serve it by https.',
    };
  },
};
