import { type Check } from '../check.js';
import { shortUrl } from '../wire/text.js';

export const redirect: Check = {
  code: 'redirect',
  severity: 'info',
  affects: ['Chrome', 'Firefox', 'Safari'],
  async look({ arrival: { redirects, url }, identity }) {
    if (redirects.length === 0) return undefined;
    const way = redirects.map(({ status, to }) => `${status} to ${shortUrl(to)}`).join(', then ');
    const leaves = url.origin !== identity.url.origin;
    return {
      seen: `The URL redirects: ${way}.`,
      breaks: `Each costs a round trip; Safari asks the first URL again for every range.${
        leaves ? ' It leads to another origin: what you gave to get in was not sent there.' : ''
      }`,
      change: 'Link to the last URL, unless it is made for one client.',
    };
  },
};
