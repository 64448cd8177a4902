import type { ServerResponse } from 'node:http';
import type { Sendable } from '../core/problem/index.js';
import type { IdentifiedRequest } from '../logging/request-log.js';

/** Fields that other code may have set already and that stay true of a problem too. */
const KEPT = /^(?:access-control-|vary$|connection$|date$|www-authenticate$|retry-after$|tus-resumable$)/;

/**
 * Answers with a problem document (RFC 9457) and nothing else: a header set for the representation that was to be
 * sent (Content-Range, ETag, Content-Length ...) must not survive on its error page. A client that asked by HEAD
 * gets the header alone. When the header of another answer is out already, the connection is broken instead, since
 * an ending would make that answer look whole.
 * @param requestId goes into `instance`.
 */
export function sendProblem(response: ServerResponse, error: Sendable, requestId?: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const name of response.getHeaderNames()) {
    if (!KEPT.test(name)) response.removeHeader(name);
  }
  const body = Buffer.from(JSON.stringify(error.toProblem(requestId)));
  response.writeHead(error.status, {
    'Content-Type': 'application/problem+json',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...((response.req as Partial<IdentifiedRequest>).link !== undefined && {
      'Referrer-Policy': 'no-referrer',
    }),
    ...error.headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
