import type { ServerResponse } from 'node:http';
import type { ProblemError } from '../core/problem/index.js';
import type { IdentifiedRequest } from '../logging/request-log.js';
import { sendProblem } from '../problem/send-problem.js';

/**
 * Ends a request whose body will never be whole: by an answer, if it has none yet, and the end of the connection. Whoever
 * reads the body gets an error with the code ECONNRESET or ERR_STREAM_PREMATURE_CLOSE.
 */
export function breakOff(response: ServerResponse, problem: ProblemError): void {
  const request = response.req;
  if (response.headersSent) {
    request.destroy();
    return;
  }
  response.shouldKeepAlive = false;
  sendProblem(response, problem, (request as IdentifiedRequest).id);
  response.once('finish', () => request.destroy());
}
