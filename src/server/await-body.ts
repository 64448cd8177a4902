import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Meets `Expect: 100-continue` (RFC 9110 §10.1.1): the client is asked for the body when somebody begins to read it, and
 * so not before whatever can be refused has been. When nobody does, the connection ends with the answer: nobody knows
 * whether the body will still come.
 * @param isKept whether connections are kept at all
 */
export function awaitBody(request: IncomingMessage, response: ServerResponse, isKept: boolean): void {
  const mayStay = isKept && response.shouldKeepAlive;
  response.shouldKeepAlive = false;
  whenRead(request, () => {
    if (response.headersSent) return;
    response.shouldKeepAlive = mayStay;
    response.writeContinue();
  });
}

/** Runs `task` once when somebody begins to read the body of a request; at once if somebody has. */
export function whenRead(request: IncomingMessage, task: () => void): void {
  if (request.listenerCount('readable') + request.listenerCount('data') > 0) {
    task();
    return;
  }
  request.on('newListener', function begin(event) {
    if (event !== 'data' && event !== 'readable') return;
    request.off('newListener', begin);
    task();
  });
}
