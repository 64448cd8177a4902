import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ProblemError } from '../core/problem/index.js';
import type { IdentifiedRequest } from '../logging/request-log.js';
import { sendProblem } from './send-problem.js';
import { isBrokenOff, toProblem } from './to-problem.js';

/** The only place that turns an error into an answer. What the client does not need to know goes to the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request & IdentifiedRequest>();
    if (isBrokenOff(request, error)) return;
    const problem = toProblem(error);
    if (problem.status >= 500) this.#log(request, error);
    sendProblem(http.getResponse<Response>(), problem, request.id);
  }

  #log(request: Request & IdentifiedRequest, error: unknown): void {
    const about = { reqId: request.id, path: request.path };
    // A limit that was reached is no fault: where it was noticed tells nothing.
    if (error instanceof ProblemError && error.cause === undefined)
      this.logger.warn(about, `${request.method} refused: ${error.message}`);
    else {
      const err = error instanceof Error ? (error.cause ?? error) : error;
      this.logger.error({ err, ...about }, `${request.method} failed`);
    }
  }
}
