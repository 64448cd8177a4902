import { STATUS_CODES } from 'node:http';
import type { Problem, Sendable } from './problem.js';

/**
 * A problem that says no more than its HTTP status does (RFC 9457 §4.2.1): for errors that other people's guards and
 * pipes throw.
 */
export class StatusProblem implements Sendable {
  readonly headers = {};

  /** @param status 400 to 599 */
  constructor(readonly status: number) {}

  toProblem(requestId?: string): Problem {
    const title = STATUS_CODES[this.status] ?? 'Error';
    return {
      type: 'about:blank',
      title,
      status: this.status,
      detail: `${title}.`,
      ...(requestId !== undefined && { instance: `urn:uuid:${requestId}` }),
    };
  }
}
