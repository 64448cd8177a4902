import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ProblemError, type ProblemSlug } from '../core/problem/index.js';

const PROBLEMS: Readonly<Record<string, readonly [ProblemSlug, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['request-timeout', 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: ['header-fields-too-large', 'Request line and header may have 16 KiB together.'],
  HPE_INVALID_METHOD: ['not-implemented', 'The request method is not known.'],
  HPE_INVALID_VERSION: ['http-version-not-supported', 'This server speaks HTTP/1.1 and HTTP/1.0.'],
  HPE_PAUSED_H2_UPGRADE: ['http-version-not-supported', 'This server speaks HTTP/1.1 and HTTP/1.0.'],
};

/** Tells a request by an unknown method from what is no HTTP at all, such as a TLS handshake (RFC 9112 §3). */
const REQUEST_LINE = /^(?:\r\n)*[!#$%&'*+\-.^_`|~\dA-Za-z]+ \S+ HTTP\/\d\.\d\r?\n/;

type ParserError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer };

/**
 * The answer to what Node's parser could not read as a request: a problem document written straight to the socket,
 * which is then closed, since nobody can tell where the next request would begin (RFC 9112 §9.6).
 */
export function answerClientError(error: ParserError, socket: Duplex): void {
  const isRequest =
    error.code !== 'HPE_INVALID_METHOD' || REQUEST_LINE.test(error.rawPacket?.toString('latin1') ?? '');
  const known = isRequest ? PROBLEMS[error.code ?? ''] : undefined;
  const [slug, detail] = known ?? ['malformed-request', 'The request is not valid HTTP.'];
  closeWithProblem(socket, new ProblemError(slug, detail));
}

/** Writes a problem as a whole HTTP answer and closes the connection. */
export function closeWithProblem(socket: Duplex, problem: ProblemError): void {
  const body = Buffer.from(JSON.stringify(problem.toProblem()));
  const fields = {
    Date: new Date().toUTCString(),
    'Content-Type': 'application/problem+json',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...problem.headers,
    Connection: 'close',
  };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${head.join('')}\r\n`);
  socket.end(body, () => socket.destroy());
}
