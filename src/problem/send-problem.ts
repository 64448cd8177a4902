import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Sendable } from '../core/problem/index.js';
import type { IdentifiedRequest } from '../logging/request-log.js';
import { SMALL_PAGE_POLICY } from './html.js';
import { isNavigation, mayBeNavigation, NAVIGATION_FIELDS } from './navigation.js';
import { problemPage } from './problem-page.js';

/** Fields that other code may have set already and that stay true of a problem too. */
const KEPT = /^(?:access-control-|vary$|connection$|date$|www-authenticate$|retry-after$|tus-resumable$)/;

/**
 * Answers with a problem document (RFC 9457) and nothing else: a header set for the representation that was to be
 * sent (Content-Range, ETag, Content-Length ...) must not survive on its error page. A client that asked by HEAD
 * gets the header alone. When the header of another answer is out already, the connection is broken instead, since
 * an ending would make that answer look whole. A browser that navigates gets a page of the same status, or is led to
 * where people are shown what it asked for.
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
  const request = response.req as IncomingMessage & Partial<IdentifiedRequest>;
  if (mayBeNavigation(request)) addVary(response);
  const { status, headers, text } = answerTo(request, error, requestId);
  const body = Buffer.from(text);
  response.writeHead(status, {
    ...headers,
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(request.link !== undefined && { 'Referrer-Policy': 'no-referrer' }),
    ...error.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly text: string;
}

function answerTo(
  request: IncomingMessage & Partial<IdentifiedRequest>,
  error: Sendable,
  requestId: string | undefined,
): Answer {
  const { status, page } = error;
  if (!mayBeNavigation(request) || !isNavigation(request)) {
    const headers = { 'Content-Type': 'application/problem+json' };
    return { status, headers, text: JSON.stringify(error.toProblem(requestId)) };
  }
  if (page !== undefined) return { status: 303, headers: { Location: page }, text: '' };
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': SMALL_PAGE_POLICY,
  };
  return { status, headers, text: problemPage(request, error.toProblem(requestId)) };
}

function addVary(response: ServerResponse): void {
  const fields = [response.getHeader('Vary') ?? []].flat().map(String);
  response.setHeader('Vary', [...fields, ...NAVIGATION_FIELDS].join(', '));
}
