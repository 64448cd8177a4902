import { WireError } from './wire/wire-error.js';

/** What examining one URL may cost. */
export interface Limits {
  /** For one request, from the look-up of the name to the last byte that is wanted, in milliseconds. */
  readonly requestMs: number;
  /** For all requests, in milliseconds. */
  readonly totalMs: number;
  /** Received in all, in bytes. */
  readonly bytes: number;
  readonly requests: number;
}

export const DEFAULT_LIMITS: Limits = {
  requestMs: 10_000,
  totalMs: 60_000,
  bytes: 32 * 2 ** 20,
  requests: 500,
};

/** Counts what has been spent of the {@link Limits}. */
export class Budget {
  readonly #begin = performance.now();
  #bytes = 0;
  #requests = 0;

  constructor(readonly limits: Limits) {}

  get bytes(): number {
    return this.#bytes;
  }

  get requests(): number {
    return this.#requests;
  }

  /** Milliseconds since the beginning. */
  get elapsed(): number {
    return performance.now() - this.#begin;
  }

  received(bytes: number): void {
    this.#bytes += bytes;
  }

  /**
   * Takes one request out of the budget.
   * @returns how long it may last, in milliseconds, and how many bytes it may bring
   * @throws {WireError} of kind `limit`
   */
  request(): { readonly ms: number; readonly bytes: number } {
    const { requestMs, totalMs, bytes, requests } = this.limits;
    if (this.elapsed >= totalMs)
      throw new WireError('limit', `the ${totalMs / 1000} s for the whole examination are over`);
    if (this.#bytes >= bytes)
      throw new WireError('limit', `the ${bytes / 2 ** 20} MiB an examination may fetch are spent`);
    if (this.#requests >= requests)
      throw new WireError('limit', `the ${requests} requests an examination may send are spent`);
    this.#requests += 1;
    return { ms: Math.min(requestMs, totalMs - this.elapsed), bytes: bytes - this.#bytes };
  }
}
