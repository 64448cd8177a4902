/** A problem document (RFC 9457) of the API, or that there was no answer. */
export class ApiProblem extends Error {
  /** The last part of `type`, such as `not-found`; `unreachable` when no answer came. */
  readonly kind: string;
  /** 0 when no answer came. */
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Seconds after which to ask again. */
  readonly retryAfter: number | undefined;

  constructor(members: {
    kind: string;
    status: number;
    title: string;
    detail: string;
    retryAfter?: number | undefined;
  }) {
    super(members.detail || members.title);
    this.name = 'ApiProblem';
    this.kind = members.kind;
    this.status = members.status;
    this.title = members.title;
    this.detail = members.detail;
    this.retryAfter = members.retryAfter;
  }
}

/** @param document the body of the answer, if it was a problem document */
export function problemOf(document: unknown, response: Response | undefined): ApiProblem {
  const { type, title, detail } = (
    typeof document === 'object' && document !== null ? document : {}
  ) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return new ApiProblem({
    kind: document === undefined && !response ? 'unreachable' : (text(type).split('/').at(-1) ?? ''),
    status: response?.status ?? 0,
    title: text(title),
    detail: text(detail),
    retryAfter: secondsOf(response?.headers.get('Retry-After')),
  });
}

export function isProblem(error: unknown, ...kinds: readonly string[]): error is ApiProblem {
  return error instanceof ApiProblem && (kinds.length === 0 || kinds.includes(error.kind));
}

function secondsOf(field: string | null | undefined): number | undefined {
  const seconds = Number(field ?? undefined);
  return Number.isFinite(seconds) ? seconds : undefined;
}
