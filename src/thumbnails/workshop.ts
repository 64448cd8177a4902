import os from 'node:os';
import { ProblemError } from '../core/problem/index.js';

/** How many pictures are made at a time, and how many more may wait. */
export interface WorkshopLimits {
  readonly atWork: number;
  readonly waiting: number;
}

/** One processor stays for all else. */
const LIMITS: WorkshopLimits = {
  atWork: Math.max(1, Math.min(2, os.availableParallelism() - 1)),
  waiting: 200,
};
/** When to try again, in seconds: a full queue takes about as long. */
const RETRY_AFTER = 10;

interface Job<Result> {
  readonly id: string;
  readonly make: () => Promise<Result>;
  readonly outcome: PromiseWithResolvers<Result>;
  /** Who waits for it. */
  clients: number;
  state: 'waiting' | 'at work';
}

/**
 * Does a few jobs at a time, the one asked for last first: whoever scrolls through a gallery waits for what they see now.
 * A job that nobody waits for any more is not begun; what is asked for twice is done once.
 */
export class Workshop<Result> {
  /** The newest last. Those at work are among them. */
  readonly #jobs = new Map<string, Job<Result>>();
  #atWork = 0;

  constructor(private readonly limits: WorkshopLimits = LIMITS) {}

  /** Jobs that wait. */
  get waiting(): number {
    return this.#jobs.size - this.#atWork;
  }

  /**
   * @param signal aborted when who asks has gone: rejects with its reason
   * @throws ProblemError thumbnails-busy when so many were asked for after this one that it had to give way; what `make`
   * throws
   */
  async do(id: string, signal: AbortSignal, make: () => Promise<Result>): Promise<Result> {
    signal.throwIfAborted();
    const job = this.#jobs.get(id) ?? newJob(id, make);
    // Asked for again it is the newest.
    this.#jobs.delete(id);
    this.#jobs.set(id, job);
    job.clients++;
    this.#begin();
    this.#turnAway();
    const { promise: gone, reject } = Promise.withResolvers<never>();
    const leave = () => {
      if (--job.clients === 0 && job.state === 'waiting') this.#jobs.delete(id);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', leave);
    try {
      return await Promise.race([job.outcome.promise, gone]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** Turns away who waits, and is done when nobody is at work. */
  async close(): Promise<void> {
    for (const [id, job] of this.#jobs) {
      if (job.state === 'at work') continue;
      this.#jobs.delete(id);
      job.outcome.reject(busy());
    }
    await Promise.allSettled([...this.#jobs.values()].map(({ outcome }) => outcome.promise));
  }

  #begin(): void {
    while (this.#atWork < this.limits.atWork) {
      const job = [...this.#jobs.values()].findLast(({ state }) => state === 'waiting');
      if (!job) return;
      job.state = 'at work';
      this.#atWork++;
      void this.#finish(job);
    }
  }

  async #finish(job: Job<Result>): Promise<void> {
    try {
      job.outcome.resolve(await job.make());
    } catch (error) {
      job.outcome.reject(error);
    } finally {
      this.#jobs.delete(job.id);
      this.#atWork--;
      this.#begin();
    }
  }

  /** The one that has waited longest. */
  #turnAway(): void {
    if (this.waiting <= this.limits.waiting) return;
    const oldest = [...this.#jobs.values()].find(({ state }) => state === 'waiting')!;
    this.#jobs.delete(oldest.id);
    oldest.outcome.reject(busy());
  }
}

function newJob<Result>(id: string, make: () => Promise<Result>): Job<Result> {
  const outcome = Promise.withResolvers<Result>();
  // Everybody may have gone before it fails.
  outcome.promise.catch(() => undefined);
  return { id, make, outcome, clients: 0, state: 'waiting' };
}

/** More is asked for than can be made. */
export function busy(): ProblemError {
  return new ProblemError(
    'thumbnails-busy',
    'Too many small pictures are being made. Try again in a moment.',
    {
      headers: { 'Retry-After': String(RETRY_AFTER) },
    },
  );
}
