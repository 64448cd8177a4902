import type { ServerResponse } from 'node:http';
import { untilGone } from '../files/until-gone.js';

/** Milliseconds. */
const INTERVAL = 250;

/**
 * {@link untilGone} for what may take long: the limit on transfers that stand still does not count meanwhile, and who has
 * closed their half of the connection is asked whether they are there.
 */
export async function whileConnected<Result>(
  response: ServerResponse,
  action: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | undefined> {
  // The next request on the connection sets it again.
  response.socket?.setTimeout(0);
  const stopAsking = askWhenHalfClosed(response);
  try {
    return await untilGone(response, action);
  } finally {
    stopAsking();
  }
}

/**
 * Who closes their half of the connection may still wait for the answer, or be gone: only sending something tells. So it
 * is sent that the request is being processed (RFC 9110 §15.2); who is gone lets the connection break.
 */
function askWhenHalfClosed(response: ServerResponse): () => void {
  const { socket } = response.req;
  let timer: NodeJS.Timeout | undefined;
  // HTTP/1.0 does not know interim answers.
  const ask = () => {
    if (!response.headersSent && response.req.httpVersion !== '1.0') response.writeProcessing();
  };
  const begin = () => {
    ask();
    timer = setInterval(ask, INTERVAL);
  };
  if (socket.readableEnded) begin();
  else socket.once('end', begin);
  return () => {
    socket.off('end', begin);
    clearInterval(timer);
  };
}
