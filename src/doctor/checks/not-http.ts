import { type Check } from '../check.js';
import { shortUrl } from '../wire/text.js';

export const notHttp: Check = {
  code: 'not-http',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  decisive: true,
  async look({ arrival: { error, url } }) {
    if (error?.kind !== 'garbage' && error?.kind !== 'header-too-large') return undefined;
    return {
      seen: `${shortUrl(url)} answers, but ${error.message}.`,
      breaks: 'No client can read such an answer, and nothing else was checked.',
      change:
        error.kind === 'garbage'
          ? 'Check that this is the port of the web server, and whether it speaks https.'
          : 'Find out what fills the header: often cookies, or a program that prints into it.',
    };
  },
};
