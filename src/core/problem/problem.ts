import { CATALOGUE, type ProblemSlug } from './catalogue.js';

/** A problem document, RFC 9457 §3. Extension members stand beside the standard ones. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly [extension: string]: unknown;
}

/** What can be sent as a problem document. */
export interface Sendable {
  /** HTTP status code. */
  readonly status: number;
  /** Response header fields that belong to the problem, such as Allow on a 405. */
  readonly headers: Readonly<Record<string, string>>;
  /** The URL of a page that shows people what was asked for: where a browser goes that navigates, instead. */
  readonly page?: string | undefined;
  /** @param requestId goes into `instance` as a URN, so that a report can be found in the log. */
  toProblem(requestId?: string): Problem;
}

/**
 * An error a client gets to see. `detail` is written for that client: what is wrong and what to do, without a path
 * of the machine. The cause, if any, is for the log only.
 */
export class ProblemError extends Error implements Sendable {
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly page: string | undefined;

  constructor(
    readonly slug: ProblemSlug,
    detail: string,
    options: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly extensions?: Readonly<Record<string, unknown>>;
      readonly page?: string;
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: options.cause });
    this.name = 'ProblemError';
    this.headers = options.headers ?? {};
    this.extensions = options.extensions ?? {};
    this.page = options.page;
  }

  get status(): number {
    return CATALOGUE[this.slug].status;
  }

  toProblem(requestId?: string): Problem {
    const { title, status } = CATALOGUE[this.slug];
    return {
      ...this.extensions,
      type: `/problems/${this.slug}`,
      title,
      status,
      detail: this.message,
      ...(requestId !== undefined && { instance: `urn:uuid:${requestId}` }),
    };
  }
}
