import type { IncomingMessage } from 'node:http';
import { isValidHost } from '../core/http/index.js';
import { ProblemError } from '../core/problem/index.js';

/** What Node's parser lets through although HTTP does not; each is refused before anything looks at the path. */
export function refusal(request: IncomingMessage): ProblemError | undefined {
  const { httpVersion, rawHeaders, headers } = request;
  if (httpVersion !== '1.1' && httpVersion !== '1.0') {
    return new ProblemError('http-version-not-supported', 'This server speaks HTTP/1.1 and HTTP/1.0.');
  }
  // RFC 9112 §3.2: more than one Host, or an illegal one, MUST be answered with 400.
  if (!isValidHost(rawHeaders, httpVersion)) {
    return new ProblemError('malformed-request', 'A request needs exactly one Host field with a valid host.');
  }
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return undefined;
  if (httpVersion === '1.0') {
    // RFC 9112 §6.1: such framing is faulty, however it looks.
    return new ProblemError('malformed-request', 'HTTP/1.0 has no Transfer-Encoding.');
  }
  if (coding.trim().toLowerCase() === 'chunked') return undefined;
  return new ProblemError('not-implemented', 'The only transfer coding this server knows is chunked.');
}

/**
 * The request target in origin form. A client may send the absolute form (RFC 9112 §3.2.2), as it does to a proxy;
 * the host in it changes nothing, since this server has one site.
 */
export function originForm(target: string): string {
  const match = /^https?:\/\/[^/?#]*([^#]*)/i.exec(target);
  if (!match) return target;
  const rest = match[1]!;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
