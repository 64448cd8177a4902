import { randomUUID } from 'node:crypto';
import type { RewriteOptions, RewriteResult } from './rewrite-file.js';

export type OptimizationState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** What a job does: rewrites a file, tells how far it is, and ends soon when it is aborted, by the signal's reason. */
export type Rewriting = (
  control: Required<Pick<RewriteOptions, 'signal' | 'onProgress'>>,
) => Promise<RewriteResult>;

/** One file that is to be rewritten, is being rewritten or was. */
export class Optimization {
  readonly id = randomUUID();
  /** Settles with the job, and never rejects: {@link state} tells how it ended. */
  readonly ended: Promise<void>;
  readonly #controller = new AbortController();
  #state: OptimizationState = 'queued';
  #written = 0;
  #total: number | undefined;
  #result: RewriteResult | undefined;
  #error: unknown;
  #end: () => void = () => undefined;

  /** @param tell called whenever state or progress has changed */
  constructor(
    readonly file: string,
    private readonly rewrite: Rewriting,
    private readonly tell: () => void = () => undefined,
  ) {
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  get state(): OptimizationState {
    return this.#state;
  }

  /** Bytes written by now, and how many there will be once that is known. */
  get progress(): { readonly written: number; readonly total: number | undefined } {
    return { written: this.#written, total: this.#total };
  }

  /** When it is `done`: what became of the file, which may be nothing. */
  get result(): RewriteResult | undefined {
    return this.#result;
  }

  /** When it has `failed`: a RewriteError, or whatever nobody expected. */
  get error(): unknown {
    return this.#error;
  }

  /** A file whose new form is complete by then stays rewritten. */
  cancel(): void {
    if (this.#state === 'queued') this.#finish('cancelled');
    else this.#controller.abort();
  }

  /** Called by {@link Optimizations}. Never rejects. */
  async run(): Promise<void> {
    const { signal } = this.#controller;
    this.#state = 'running';
    this.tell();
    try {
      this.#result = await this.rewrite({
        signal,
        onProgress: (written, total) => {
          [this.#written, this.#total] = [written, total];
          this.tell();
        },
      });
      this.#finish('done');
    } catch (error) {
      if (signal.aborted && error === signal.reason) return this.#finish('cancelled');
      this.#error = error;
      this.#finish('failed');
    }
  }

  #finish(state: OptimizationState): void {
    this.#state = state;
    this.tell();
    this.#end();
  }
}

/** Rewrites files in the order they were added, so many at a time. Forgets a job when it has ended. */
export class Optimizations {
  readonly #queue: Optimization[] = [];
  readonly #running = new Set<Optimization>();

  /** @param concurrency more than one at a time is slower on most disks */
  constructor(private readonly concurrency = 1) {}

  /** Those that have not ended: running ones, then queued ones. */
  get pending(): readonly Optimization[] {
    return [...this.#running, ...this.#queue.filter(({ state }) => state === 'queued')];
  }

  /** @param tell called with the job whenever its state or progress has changed, from now on */
  add(file: string, rewrite: Rewriting, tell?: (job: Optimization) => void): Optimization {
    const job: Optimization = new Optimization(file, rewrite, () => tell?.(job));
    this.#queue.push(job);
    this.#next();
    return job;
  }

  /** Cancels everything; resolves when nothing of it is left on the disk. */
  async cancel(): Promise<void> {
    const pending = this.pending;
    pending.forEach((job) => job.cancel());
    await Promise.all(pending.map(({ ended }) => ended));
  }

  #next(): void {
    while (this.#running.size < this.concurrency) {
      const job = this.#queue.shift();
      if (!job) return;
      if (job.state !== 'queued') continue;
      this.#running.add(job);
      void job.run().then(() => {
        this.#running.delete(job);
        this.#next();
      });
    }
  }
}
