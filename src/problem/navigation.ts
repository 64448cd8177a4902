import type { IncomingMessage } from 'node:http';
import type { IdentifiedRequest } from '../logging/request-log.js';

/** What people open by its address, and what may fail there. */
const OPENED = /^\/(?:(?:files|stream|browse)(?=[/?]|$)|(?=\?|$))/;
const HTML_FIRST = /^[ \t]*text\/html[ \t]*(?:[,;]|$)/i;

/** The fields that {@link isNavigation} looks at. */
export const NAVIGATION_FIELDS = ['Accept', 'Sec-Fetch-Dest', 'Sec-Fetch-Mode'];

/** Whether a browser may be led here, on a server that has pages for people. */
export function mayBeNavigation({
  method,
  url,
  hasPages,
}: IncomingMessage & Partial<IdentifiedRequest>): boolean {
  return hasPages === true && (method === 'GET' || method === 'HEAD') && OPENED.test(url!);
}

/**
 * Whether the answer is shown to somebody as a page. Browsers say so (Fetch Metadata §2.1, §2.2), though to https and to
 * this machine alone; elsewhere one that prefers HTML to all else is taken for one that navigates.
 */
export function isNavigation({ headers }: IncomingMessage): boolean {
  const { 'sec-fetch-dest': destination, 'sec-fetch-mode': mode } = headers;
  if (destination !== undefined || mode !== undefined)
    return destination === 'document' || mode === 'navigate';
  return HTML_FIRST.test(headers.accept ?? '');
}
