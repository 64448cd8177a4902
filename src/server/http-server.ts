import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AppConfig } from '../config/app-config.js';
import { ProblemError } from '../core/problem/index.js';
import type { IdentifiedRequest } from '../logging/request-log.js';
import { sendProblem } from '../problem/send-problem.js';
import { awaitBody } from './await-body.js';
import { BodyPace } from './body-pace.js';
import { Certificate } from './certificate.js';
import { answerClientErrors, closeWithProblem } from './client-error.js';
import { Connections } from './connections.js';
import { KnownHosts } from './known-hosts.js';
import { lingerAfterAnswer } from './linger.js';
import type { MessageClasses } from './message-classes.js';
import { originForm, refusal } from './refusal.js';

/** How often Node looks for requests that exceed their time, in milliseconds. */
const CHECK_INTERVAL = 1000;

type Options = ServerOptions<typeof IncomingMessage, MessageClasses['ServerResponse']>;

export interface HttpServer {
  readonly server: Server;
  readonly connections: Connections;
}

/**
 * An HTTP/1.1 server with what `node:http` leaves to its user: a strict reading of the request, limits on time and
 * size, and problem documents for whatever never becomes a request. Request line and header may have 16 KiB
 * together, Node's own limit.
 * @param observers see every request before it is looked at; one of them gives it its id.
 * @param messages what requests and answers are made of
 */
export function createHttpServer(
  config: AppConfig,
  observers: readonly RequestListener[],
  application: RequestListener,
  messages: MessageClasses,
): HttpServer {
  const hosts = new KnownHosts(config);
  const observe: RequestListener = (request, response) =>
    observers.forEach((observer) => observer(request, response));
  const pace = new BodyPace(config.requestTimeout);
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    // What comes behind the last request of a connection could not be answered.
    if (request.socket.writableEnded) return;
    connections.whenIdle(request.socket, () => serve(request, response), response);
  };
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    observe(request, response);
    if (hasBody(request)) {
      lingerAfterAnswer(request, response);
      pace.watch(request, response);
    }
    // Node loses what was pipelined behind a request with Upgrade: the client shall not wait for it.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
    const refused = refusal(request) ?? hosts.refusal(request);
    if (refused) return refuse(response, refused);
    request.url = originForm(request.url ?? '/');
    application(request, response);
  };
  const options: Options = {
    // Asked in `refusal`, which answers with a problem and knows HTTP/1.0.
    requireHostHeader: false,
    headersTimeout: Math.min(config.headersTimeout, config.requestTimeout) * 1000,
    // An upload may take as long as it takes: `BodyPace` sees to it that it comes.
    requestTimeout: 0,
    keepAliveTimeout: config.keepAliveTimeout * 1000,
    connectionsCheckingInterval: CHECK_INTERVAL,
    noDelay: true,
    ...messages,
  };
  const server = listenerOf(config, options, handle);
  const connections = new Connections(server);
  if (config.keepAliveTimeout === 0)
    server.prependListener('request', (_, response) => (response.shouldKeepAlive = false));
  server.timeout = config.idleTimeout * 1000;
  // A client may close its half of the connection after its request and still wants the answer.
  Object.assign(server, { httpAllowHalfOpen: true });

  server.on('checkContinue', (request, response) => {
    awaitBody(request, response, config.keepAliveTimeout > 0);
    server.emit('request', request, response);
  });
  server.on('checkExpectation', (request, response) => {
    observe(request, response);
    refuse(
      response,
      new ProblemError('expectation-failed', 'The only expectation this server meets is 100-continue.'),
    );
  });
  server.on('connect', (_request, socket) => {
    // Node has taken its own hands off the socket; the answers before this one still wait for it to drain.
    socket.on('drain', () => connections.current(socket)?.emit('drain'));
    connections.whenIdle(socket, () =>
      closeWithProblem(
        socket,
        new ProblemError('not-implemented', 'This server is no proxy: it does not know CONNECT.'),
      ),
    );
  });
  answerClientErrors(server, connections);
  return { server, connections };
}

/** Speaks TLS where there is a certificate. @throws StartError */
function listenerOf(
  { tlsCert, tlsKey, headersTimeout }: AppConfig,
  options: Options,
  handle: RequestListener,
): Server {
  if (tlsCert === null || tlsKey === null) return createServer(options, handle);
  const certificate = new Certificate(tlsCert, tlsKey);
  // The header cannot come before the handshake, so that it has no more time.
  const tls = { ...certificate.options, handshakeTimeout: headersTimeout * 1000, allowHalfOpen: true };
  const server = createSecureServer({ ...options, ...tls }, handle);
  certificate.keepFresh(server);
  return server;
}

/** RFC 9112 §6.3: a request without either field has none. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** The connection is closed: what follows a request that was not understood cannot be trusted. */
function refuse(response: ServerResponse, problem: ProblemError): void {
  response.shouldKeepAlive = false;
  sendProblem(response, problem, (response.req as IdentifiedRequest).id);
}
