import { type Check } from '../check.js';
import { whole } from '../requests.js';

export const contentLengthMissing: Check = {
  code: 'content-length-missing',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari'],
  lines: {
    nginx: 'proxy_buffering on;  # and no gzip, sub_filter or ssi on media',
    Apache: 'Take filters (DEFLATE, INCLUDES, SUBSTITUTE) off media.',
    Caddy: 'Take encode, templates and replace off media.',
    Express: "res.set('Content-Length', size)  // or res.sendFile(file)",
  },
  async look(visit) {
    const answer = await whole(visit);
    if (answer.status !== 200 || answer.length !== undefined) return undefined;
    const how =
      answer.field('transfer-encoding') === undefined ? 'up to the end of the connection' : 'in chunks';
    return {
      seen: `The whole file comes ${how}, without a Content-Length.`,
      breaks: 'WebKit ends with an error; elsewhere the duration may be infinite and seeking fails.',
      change: 'Send the size of the file as Content-Length; find what rewrites the body on its way.',
    };
  },
};
