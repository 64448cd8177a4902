import type { IncomingMessage } from 'node:http';
import { isHost, isValidHost } from '../core/http/index.js';
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
  const misplaced = targetProblem(request);
  if (misplaced) return misplaced;
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return undefined;
  if (httpVersion === '1.0') {
    // RFC 9112 §6.1: such framing is faulty, however it looks.
    return new ProblemError('malformed-request', 'HTTP/1.0 has no Transfer-Encoding.');
  }
  if (coding.trim().toLowerCase() === 'chunked') return undefined;
  return new ProblemError('not-implemented', 'The only transfer coding this server knows is chunked.');
}

/** The forms of request target an origin server knows (RFC 9112 §3.2): a path, an http URL, and `*` for OPTIONS. */
function targetProblem({ method, url = '', socket }: IncomingMessage): ProblemError | undefined {
  if (method === 'OPTIONS' && url === '*') return undefined;
  const [, scheme, host] = /^(https?):\/\/([^/?#]*)/i.exec(url) ?? [];
  const legal = !url.includes('#') && (url.startsWith('/') || (host && isHost(host.replace(/^[^@]*@/, ''))));
  if (!legal)
    return new ProblemError('malformed-request', 'The request target is neither a path nor an http URL.');
  // RFC 9110 §7.4: a request for an https resource MUST be rejected unless the connection is secured.
  if (scheme?.toLowerCase() === 'https' && !('encrypted' in socket))
    return new ProblemError('misdirected-request', 'This connection is not secured; ask for the http URL.');
  return undefined;
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
