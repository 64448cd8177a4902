import { type Check, MOOT } from '../check.js';
import { quote } from '../wire/text.js';

export const webPage: Check = {
  code: 'web-page',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  decisive: true,
  async look({ first }) {
    if (first.encoding) return MOOT;
    const start = first.body.toString('latin1', 0, 1024);
    if (!/^(?:\xef\xbb\xbf)?\s*(?:<!--[^]*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b/i.test(start))
      return undefined;
    const title = /<title[^>]*>([^<]{1,200})/i.exec(first.body.toString('utf8'))?.[1];
    return {
      seen: `Status ${first.status}, but the bytes are a web page${title === undefined ? '' : `, ${quote(title.trim())}`}.`,
      breaks: 'A login or error page in place of media ends in error 4; nothing else was checked.',
      change:
        'Answer 401, 403 or 404 when the media is not sent; see whether this URL needs a login or has moved.',
    };
  },
};
