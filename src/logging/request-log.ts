import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';

interface Timing {
  readonly responseTime: number;
}

/** A request as it is logged and answered about: every one has an id. */
export type IdentifiedRequest = IncomingMessage & { id: string };

/**
 * One line for each request, whatever became of it: the path without its query, the range and the outcome; never a
 * cookie, a credential or content. A client that went away is no error and shows at debug.
 */
export function requestLog(logger: Logger): RequestListener {
  const log = pinoHttp({
    logger,
    quietReqLogger: true,
    quietResLogger: true,
    genReqId: () => randomUUID(),
    customLogLevel: (_request, response) => (response.writableFinished ? 'info' : 'debug'),
    customSuccessMessage: describe,
    customErrorMessage: describe,
    customSuccessObject: outcome,
    customErrorObject: (request, response, _error: Error, timing: Timing) =>
      outcome(request, response, timing),
  });
  return (request, response) => {
    sentBefore.set(response, request.socket.bytesWritten);
    log(request, response);
  };
}

/** What a connection had sent before an answer; answers of one connection come one at a time. */
const sentBefore = new WeakMap<ServerResponse, number>();

function describe(request: IncomingMessage, response: ServerResponse): string {
  const range = request.headers.range ? ` (${request.headers.range.slice(0, 60)})` : '';
  const end = response.writableFinished ? '' : ' broken off';
  const id = response.statusCode >= 400 ? ` id ${(request as IdentifiedRequest).id}` : '';
  return `${request.method} ${pathOf(request)}${range} ${response.statusCode}${end}${id}`;
}

function outcome(request: IncomingMessage, response: ServerResponse, { responseTime }: Timing) {
  return {
    method: request.method,
    path: pathOf(request),
    status: response.statusCode,
    ...(request.headers.range && { range: request.headers.range.slice(0, 200) }),
    sentBytes: request.socket.bytesWritten - (sentBefore.get(response) ?? 0),
    client: request.socket.remoteAddress,
    responseTime,
  };
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0]!;
}
