import type { IncomingMessage, ServerResponse } from 'node:http';

/** Milliseconds that a client may go on sending what nobody wants. */
const PATIENCE = 2000;

/** The body of a request, asked for only now if the client waits to be (RFC 9110 §10.1.1). */
export function openBody(request: IncomingMessage, response: ServerResponse): AsyncIterable<Uint8Array> {
  if (request.headers.expect !== undefined) response.writeContinue();
  return request;
}

/**
 * Takes what is left of a body after its answer, for a moment: to close a connection on which bytes wait would take the
 * answer from the client, too (RFC 9112 §9.6).
 */
export function drainBody(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  const timer = setTimeout(() => request.complete || request.socket.destroy(), PATIENCE).unref();
  request.once('close', () => clearTimeout(timer));
}
