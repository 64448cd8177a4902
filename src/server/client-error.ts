import { STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Logger } from '@nestjs/common';
import { ProblemError, type ProblemSlug } from '../core/problem/index.js';
import { whenRead } from './await-body.js';
import { breakOff } from './break-off.js';
import type { Connections } from './connections.js';

const logger = new Logger('Wire');

const PROBLEMS: Readonly<Record<string, readonly [ProblemSlug, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['request-timeout', 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: ['header-fields-too-large', 'Request line and header may have 16 KiB together.'],
  HPE_INVALID_METHOD: ['not-implemented', 'The request method is not known.'],
  HPE_INVALID_VERSION: ['http-version-not-supported', 'This server speaks HTTP/1.1 and HTTP/1.0.'],
  HPE_PAUSED_H2_UPGRADE: ['http-version-not-supported', 'This server speaks HTTP/1.1 and HTTP/1.0.'],
};
const MALFORMED = ['malformed-request', 'The request is not valid HTTP.'] as const;
const PLAIN = 'This port speaks https, and the request came without TLS; ask for the https URL.';
const TOO_LONG = ['uri-too-long', 'Request line and header may have 16 KiB together.'] as const;

/** A method and a target of which no end is in sight. */
const LONG_TARGET = /(?:^|\n)[!#$%&'*+.^_`|~\w-]+ \S{12000,}/;

type ParserError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer; readonly bytesParsed?: number };

/**
 * Answers what Node's parser could not read as a request: a problem document written straight to the socket, which is
 * then closed, since nobody can tell where the next request would begin (RFC 9112 §9.6). What was asked before the
 * mistake on the same connection is answered first, and whole (RFC 9112 §9.3.2).
 */
export function answerClientErrors(server: Server, connections: Connections): void {
  const failed = new WeakSet<Duplex>();
  server.on('clientError', (error: ParserError, socket) => {
    if (error.code === 'ERR_SSL_HTTP_REQUEST') {
      const plain = connections.handshakes?.beneath(socket as Socket);
      if (plain) closeWithProblem(plain, new ProblemError('malformed-request', PLAIN));
    }
    // On a connection without TLS, or with a broken one, nothing can be said.
    if (!socket.writable || error.code === 'ECONNRESET' || /^ERR_(?:SSL|TLS)_/.test(error.code ?? '')) {
      socket.destroy();
      return;
    }
    // The parser repeats itself with every packet; once is enough.
    if (failed.has(socket)) return;
    failed.add(socket);
    const newest = connections.newest(socket);
    const broken = newest?.req.complete === false ? newest : undefined;
    // Whoever reads the body would wait for ever. Where nobody does, the answer is what it would have been.
    if (broken) {
      const problem = new ProblemError('malformed-request', 'The body of the request is broken off.');
      whenRead(broken.req, () => connections.whenIdle(socket, () => breakOff(broken, problem), broken));
    }
    connections.whenIdle(socket, () => {
      // The mistake is in the body of a request that has its answer, or behind the last request of the connection.
      const isAnswered = error.code === 'HPE_CLOSED_CONNECTION' || broken !== undefined;
      if (isAnswered) socket.end(() => socket.destroy());
      else if (socket.writable) closeWithProblem(socket, new ProblemError(...problemOf(error)));
      else socket.destroy();
    });
  });
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
  const client = (socket as Socket).remoteAddress;
  logger.log({ client, status: problem.status }, `refused what is no request: ${problem.message}`);
  socket.write(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${head.join('')}\r\n`);
  socket.end(body, () => socket.destroy());
}

/** Node's parser has few words; which mistake it was shows in the line it stopped at. */
function problemOf({ code = '', rawPacket, bytesParsed = 0 }: ParserError): readonly [ProblemSlug, string] {
  const text = rawPacket?.toString('latin1') ?? '';
  const line = text.slice(text.lastIndexOf('\n', bytesParsed - 1) + 1);
  // What is no HTTP at all, such as a TLS handshake, has no method either (RFC 9112 §3).
  if (code === 'HPE_INVALID_METHOD' && !/^[!#$%&'*+.^_`|~\w-]+ \S+ HTTP\/\d\.\d\r?\n/.test(line))
    return MALFORMED;
  // A bare LF, or a blank behind the version, is a fault of form.
  if (code === 'HPE_INVALID_VERSION' && !/^\S+ \S+ HTTP\/\d\.\d\r\n/.test(line)) return MALFORMED;
  // RFC 9112 §3: a target too long is 414, whatever else stands in the header.
  if (code === 'HPE_HEADER_OVERFLOW' && LONG_TARGET.test(text)) return TOO_LONG;
  return PROBLEMS[code] ?? MALFORMED;
}
