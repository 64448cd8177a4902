import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { linkIdOf, withoutTokens } from '../core/link/index.js';

/** A request as it is logged and answered about: every one has an id. */
export type IdentifiedRequest = IncomingMessage & {
  id: string;
  /** The token of the link that it goes by, which is a secret. `url` is without it. */
  link?: string;
  /** Whether the server has pages for people, on which problems can be shown. */
  hasPages?: boolean;
};

/**
 * Gives each request its id, and one line when its answer is over, whatever became of it: the path without its query,
 * the range and the outcome; never a cookie, a credential, the token of a link or content. A client that went away is no error and shows at
 * debug.
 * @param clientOf the address of who asks: of the connection, or what a trusted proxy says
 */
export function requestLog(
  logger: Logger,
  clientOf: (socket: Socket, headers: IncomingHttpHeaders) => string,
): RequestListener {
  return (request, response) => {
    const id = randomUUID();
    (request as IdentifiedRequest).id = id;
    const { socket } = request;
    const begun = performance.now();
    // Answers of one connection come one at a time, so what it sends meanwhile is this one's.
    const sentBefore = socket.bytesWritten;
    response.once('close', () => {
      const level = response.writableFinished ? 'info' : 'debug';
      if (!logger.isLevelEnabled(level)) return;
      const { method, headers } = request;
      const { statusCode: status } = response;
      const path = withoutTokens(request.url?.split('?', 1)[0] ?? '');
      const { link } = request as IdentifiedRequest;
      const range = headers.range?.slice(0, 200);
      const outcome = {
        reqId: id,
        method,
        path,
        ...(link !== undefined && { link: linkIdOf(link) }),
        status,
        ...(range && { range }),
        sentBytes: socket.bytesWritten - sentBefore,
        client: clientOf(socket, headers),
        responseTime: Math.round(performance.now() - begun),
      };
      const asked = `${method} ${path}${range ? ` (${range.slice(0, 60)})` : ''}`;
      const end = `${response.writableFinished ? '' : ' broken off'}${status >= 400 ? ` id ${id}` : ''}`;
      logger[level](outcome, `${asked} ${status}${end}`);
    });
  };
}
