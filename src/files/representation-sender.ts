import type { ServerResponse } from 'node:http';
import { Injectable, Logger } from '@nestjs/common';
import type { Request } from 'express';
import { isPersonal, type AuthorizedRequest } from '../auth/principal.js';
import { SourceLengthError } from '../core/bytes/index.js';
import {
  planResponse,
  readConditions,
  type BodyPart,
  type Representation,
  type RequestConditions,
} from '../core/http/index.js';
import { ProblemError } from '../core/problem/index.js';
import type { IdentifiedRequest } from '../logging/request-log.js';
import { sendProblem } from '../problem/send-problem.js';
import { Transfer } from './transfer.js';

/** Answers requests with representations: preconditions, byte ranges, HEAD and the header fields that go with them. */
@Injectable()
export class RepresentationSender {
  private readonly logger = new Logger('Transfer');

  /**
   * Plans the answer and begins to send it. Takes the representation over.
   * @throws ProblemError when the request's conditions or ranges do not fit
   */
  send(request: Request, response: ServerResponse, representation: Representation): void {
    if (request.headers['service-worker'] !== undefined) {
      void representation.close();
      // Service Workers §3.2.4: browsers say so when they fetch a script that is to stand between pages and the server.
      throw new ProblemError('forbidden', 'A stored file does not become the service worker of this site.');
    }
    const parts = this.begin(requestConditions(request), response, representation);
    if (!parts) return void response.end();
    void new Transfer(representation, parts, (error) => this.fail(error, request, response)).send(response);
  }

  /**
   * Sets status and header fields. Closes the representation where no body follows.
   * @returns what is to be sent; undefined when the answer has no body (HEAD, 304)
   * @throws as {@link send}
   */
  begin(
    conditions: RequestConditions,
    response: ServerResponse,
    representation: Representation,
  ): readonly BodyPart[] | undefined {
    try {
      const plan = planResponse(conditions, representation, Date.now());
      if (plan.kind === 'precondition-failed')
        throw new ProblemError(
          plan.kind,
          'The file is not the version the request asked for. Fetch it anew.',
        );
      if (plan.kind === 'unsatisfiable') throw outOfRange(representation.source.size, plan.headers);
      response.statusCode = plan.status;
      // Not Express' `set`, which adds a charset to what is no text.
      for (const name in plan.headers) response.setHeader(name, plan.headers[name]!);
      // On the answer alone: the planned fields are kept for the next client.
      if (isPersonal(response.req as AuthorizedRequest))
        response.setHeader('Cache-Control', `private, ${plan.headers['Cache-Control']}`);
      if (plan.kind !== 'not-modified' && conditions.method !== 'HEAD') return plan.body;
    } catch (error) {
      void representation.close();
      throw error;
    }
    void representation.close();
    return undefined;
  }

  /** The bytes ended too soon or cannot be read. One line in the log, and the client sees a broken transfer. */
  fail(error: Error, request: Request, response: ServerResponse): void {
    const { id: reqId } = request as Request & IdentifiedRequest;
    const cause =
      error instanceof SourceLengthError ? 'the file shrank while it was sent' : 'the file cannot be read';
    this.logger.error({ err: error, reqId, path: request.path }, `${cause}: transfer broken off`);
    sendProblem(response, new ProblemError('internal', 'The file could not be read.'), reqId);
  }
}

/** What the request asks of a representation, whichever it turns out to be. */
export function requestConditions(request: Request): RequestConditions {
  const { method, headers } = request;
  // Of a date given twice Node keeps the first, as if it had come alone.
  const hasDate = 'if-modified-since' in headers || 'if-unmodified-since' in headers;
  return readConditions(method, hasDate ? request.headersDistinct : headers);
}

function outOfRange(size: number, headers: Readonly<Record<string, string>>): ProblemError {
  const detail = `No range asked for lies within the ${size} bytes of the file.`;
  return new ProblemError('range-not-satisfiable', detail, { headers, extensions: { size } });
}
