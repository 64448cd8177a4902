import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long, in milliseconds, and how many bytes of a body are still taken when its answer is out. */
const LINGER = { ms: 15_000, bytes: 64 * 2 ** 20 };
const CHECK_INTERVAL = 100;

/** The newest request with a body on each connection. */
const newest = new WeakMap<Socket, IncomingMessage>();

/**
 * Lets an answer arrive that is sent while the body of its request is still coming. Closed at once, the connection would
 * be reset by the system, since there are bytes that nobody has read, and the client would lose the answer (RFC 9112
 * §9.6). So what comes is taken and dropped for a while, in which the client can stop; then it is cut off.
 */
export function lingerAfterAnswer(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  if (!newest.has(socket)) closeGently(socket);
  newest.set(socket, request);
  response.once('finish', () => {
    if (request.complete || socket.destroyed) return;
    request.on('error', () => undefined).resume();
    const begun = performance.now();
    const before = socket.bytesRead;
    const timer = setInterval(() => {
      const isOver = performance.now() - begun > LINGER.ms || socket.bytesRead - before > LINGER.bytes;
      if (isOver) socket.destroy();
      else if (request.complete && socket.writableEnded) socket.destroySoon();
      else if (!request.complete) return;
      clearInterval(timer);
    }, CHECK_INTERVAL);
    socket.once('close', () => clearInterval(timer));
  });
}

/** Node calls this when the last answer of a connection is out. */
function closeGently(socket: Socket): void {
  const closeAtOnce = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    if (newest.get(socket)?.complete === false) socket.end();
    else closeAtOnce();
  };
}
