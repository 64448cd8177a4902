import {
  Injectable,
  Logger,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { mergeMap, type Observable } from 'rxjs';
import {
  planResponse,
  readConditions,
  type Representation,
  type RequestConditions,
} from '../core/http/index.js';
import { SourceLengthError } from '../core/bytes/index.js';
import { ProblemError } from '../core/problem/index.js';
import type { IdentifiedRequest } from '../logging/request-log.js';
import { sendProblem } from '../problem/send-problem.js';
import { EmptySlice, FileSlice } from './file-slice.js';

/**
 * Gives any handler that returns a `Representation` byte ranges, preconditions, HEAD and the header fields that go
 * with them. On the way in it reads the conditions, on the way out it plans the answer and starts the body.
 */
@Injectable()
export class RangeInterceptor implements NestInterceptor<Representation, unknown> {
  private readonly logger = new Logger('Transfer');

  intercept(context: ExecutionContext, next: CallHandler<Representation>): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const conditions = readConditions(request.method, request.headersDistinct);
    return next
      .handle()
      .pipe(
        mergeMap((representation) => this.#answer(representation, conditions, http.getResponse<Response>())),
      );
  }

  async #answer(
    representation: Representation,
    conditions: RequestConditions,
    response: Response,
  ): Promise<unknown> {
    try {
      const plan = planResponse(conditions, representation, Date.now());
      if (plan.kind === 'precondition-failed') {
        throw new ProblemError(
          plan.kind,
          'The file is not the version the request asked for. Fetch it anew.',
        );
      }
      if (plan.kind === 'unsatisfiable') {
        const { size } = representation.source;
        throw new ProblemError(
          'range-not-satisfiable',
          `No range asked for lies within the ${size} bytes of the file.`,
          {
            headers: plan.headers,
            extensions: { size },
          },
        );
      }
      response.statusCode = plan.status;
      // Not Express' `set`, which adds a charset to what is no text.
      for (const [name, value] of Object.entries(plan.headers)) response.setHeader(name, value);
      if (plan.kind === 'not-modified' || conditions.method === 'HEAD') {
        await representation.close();
        return new EmptySlice();
      }
      return new FileSlice(representation, plan.body)
        .setErrorHandler((error) => this.#fail(error, response))
        .setErrorLogger((error) => this.logger.debug(error));
    } catch (error) {
      await representation.close();
      throw error;
    }
  }

  /** The bytes ended too soon or cannot be read. One line in the log, and the client sees a broken transfer. */
  #fail(error: Error, response: Response): void {
    const request = response.req as Request & IdentifiedRequest;
    const cause =
      error instanceof SourceLengthError ? 'the file shrank while it was sent' : 'the file cannot be read';
    this.logger.error({ err: error, reqId: request.id, path: request.path }, `${cause}: transfer broken off`);
    sendProblem(response, new ProblemError('internal', 'The file could not be read.'), request.id);
  }
}
