import type { IncomingMessage } from 'node:http';

/**
 * What browsers answer by a window that asks for name and password (RFC 7617). UTF-8: without it they send what they
 * like.
 */
const BASIC = 'Basic realm="Playhead", charset="UTF-8"';

/**
 * A 401 must name a scheme (RFC 9110 §15.5.2). This one is known to no browser, so that none opens a window over a page
 * that has a form of its own; the page logs in at `/api/v1/session`.
 */
export const CHALLENGE_FOR_PAGES = 'Cookie realm="Playhead"';

/**
 * The WWW-Authenticate of a 401. A script shows itself by X-Requested-With, which it must set itself where the server is
 * reached by plain http from another machine: browsers send Sec-Fetch-* to https and to localhost alone.
 */
export function challengeFor({ headers }: IncomingMessage): string {
  const isScript =
    headers['x-requested-with'] !== undefined ||
    headers['sec-fetch-mode'] === 'cors' ||
    headers['sec-fetch-dest'] === 'empty';
  return isScript ? CHALLENGE_FOR_PAGES : BASIC;
}
