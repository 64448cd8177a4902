import type { ObjectKey } from '../core/path/index.js';
import type { Optimization, OptimizationState } from '../optimize/optimizations.js';

/** A job of the server: an optimization, and what is told of it. */
export interface OptimizationJob {
  readonly key: ObjectKey;
  readonly keepOriginal: boolean;
  readonly work: Optimization;
  /** All in milliseconds since the epoch; undefined until it is so far. */
  readonly created: number;
  started?: number;
  ended?: number;
}

/** Whether nothing becomes of it any more. */
export function hasEnded(state: OptimizationState): boolean {
  return state !== 'queued' && state !== 'running';
}

/** How many jobs that have ended are remembered, and for how many milliseconds. */
const MOST_ENDED = 200;
const REMEMBERED = 60 * 60_000;

/** The jobs that have not ended, and those that ended lately. */
export class OptimizationJobs {
  /** By id, the oldest first. */
  readonly #jobs = new Map<string, OptimizationJob>();

  add(job: OptimizationJob): void {
    this.#jobs.set(job.work.id, job);
    this.#forget();
  }

  get(id: string): OptimizationJob | undefined {
    this.#forget();
    return this.#jobs.get(id);
  }

  /** The oldest first. */
  list(): readonly OptimizationJob[] {
    this.#forget();
    return [...this.#jobs.values()];
  }

  pending(): readonly OptimizationJob[] {
    return [...this.#jobs.values()].filter(({ work }) => !hasEnded(work.state));
  }

  #forget(): void {
    const ended = [...this.#jobs.values()]
      .filter(({ ended }) => ended !== undefined)
      .sort((a, b) => a.ended! - b.ended!);
    const surplus = ended.length - MOST_ENDED;
    const since = Date.now() - REMEMBERED;
    for (const [index, job] of ended.entries())
      if (index < surplus || job.ended! < since) this.#jobs.delete(job.work.id);
  }
}
