import { type Check } from '../check.js';
import { quote, shortUrl } from '../wire/text.js';

const UPGRADE = {
  breaks:
    'Each start costs a round trip in the clear. The doctor does not follow it, so nothing else was checked.',
  change: 'Link to the https URL, and run the doctor on that.',
};
const DOWNGRADE = {
  breaks:
    'A page on https may not load it, and what you gave to get in would travel in the clear. Nothing else was checked.',
  change:
    'Let the redirect lead to https; behind a proxy, tell the application which scheme it is reached by.',
  lines: { nginx: 'proxy_set_header X-Forwarded-Proto $scheme;', Express: "app.set('trust proxy', 1);" },
};
const ELSEWHERE = {
  breaks: 'No browser goes there for media. Nothing else was checked.',
  change: 'Let the redirect lead to a URL of the same scheme.',
};

export const redirectRefused: Check = {
  code: 'redirect-refused',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  decisive: true,
  async look({ arrival: { stop, url, answer, beyond, redirects } }) {
    switch (stop) {
      case 'scheme':
        return {
          seen: `${shortUrl(url)} redirects (${answer!.status}) to another scheme: ${shortUrl(beyond!)}.`,
          ...(beyond!.protocol === 'https:' ? UPGRADE : beyond!.protocol === 'http:' ? DOWNGRADE : ELSEWHERE),
        };
      case 'too-many':
        return {
          seen: `There is no end to the redirects: after ${redirects.length} the server sends ${answer!.status} again.`,
          breaks: 'Browsers give up after 20; each one costs a round trip before the first picture.',
          change: 'Link to the last URL directly; look for two rules that redirect to each other.',
        };
      case 'no-location':
        return {
          seen: `The server answers ${answer!.status} with ${quote(answer!.field('location'))} as its Location.`,
          breaks: 'A redirect without a URL leads nowhere.',
          change: 'Send a Location, or the media.',
        };
      default:
        return undefined;
    }
  },
};
