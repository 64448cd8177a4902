import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { AccessControl } from '../auth/access-control.js';
import { Audit } from '../auth/audit.js';
import { Clients } from '../auth/clients.js';
import type { AuthorizedRequest } from '../auth/principal.js';
import type { ObjectKey } from '../core/path/index.js';
import { ProblemError } from '../core/problem/index.js';
import { isConclusive, type Repaired } from '../core/repairs/index.js';
import { EventPublisher } from '../events/event-publisher.js';
import { RepairPlans } from '../media/repair-plans.js';
import { Optimizations, type Optimization, type Rewriting } from '../optimize/optimizations.js';
import { originalName } from '../optimize/repairable-file.js';
import { RewriteError } from '../optimize/rewrite-error.js';
import { rewriteFile } from '../optimize/rewrite-file.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { hasEnded, OptimizationJobs, type OptimizationJob } from './optimization-job.js';
import type { OptimizationRequest } from './optimization-request.js';
import { failureOf, logUnexpected } from './optimization-resource.js';

/** How many jobs may wait. */
const MOST_PENDING = 1000;
/** Milliseconds after which a file that was just renamed has one entity tag for everybody. */
const CLOCK_TICK = 25;
/** When to try again, in seconds: a guess, since a job takes as long as its file is large. */
const RETRY_AFTER = 60;

/**
 * Rewrites stored files into their playable form, one at a time, and tells of it. To rewrite a file is to read it and to
 * take its place: it takes the permissions to read, write and delete it, at the time when it is asked for.
 */
@Injectable()
export class OptimizationsService implements OnModuleDestroy {
  private readonly logger = new Logger('Optimizations');
  readonly #queue = new Optimizations();
  readonly #jobs = new OptimizationJobs();
  #isClosed = false;

  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly plans: RepairPlans,
    private readonly access: AccessControl,
    private readonly audit: Audit,
    private readonly clients: Clients,
    private readonly events: EventPublisher,
  ) {}

  /** Resolves when nothing of what was under way is left on the disk. */
  async onModuleDestroy(): Promise<void> {
    this.#isClosed = true;
    await this.#queue.cancel();
  }

  /**
   * Queues a file. Of one that waits already, or is being rewritten, it is the same job.
   * @throws ProblemError not-optimizable, conflict, too-many-jobs, not-implemented; as `AccessControl.demand` and
   *   `StorageDriver.open`
   */
  async request(request: AuthorizedRequest, wanted: OptimizationRequest): Promise<OptimizationJob> {
    const { key, keepOriginal } = wanted;
    for (const permission of ['read', 'write', 'delete'] as const)
      this.access.demand(request, permission, key);
    if (keepOriginal) this.access.demand(request, 'write', originalKey(key));
    if (!this.storage.holdFile)
      throw new ProblemError('not-implemented', 'This storage cannot rewrite files.');
    const before = this.#sameJob(wanted);
    if (before) return before;
    await this.#demandRepairable(key);
    return this.#sameJob(wanted) ?? this.#add(request, wanted);
  }

  /**
   * Queues a file that was just written, by the will of who runs the server. Undefined when it waits already, or there
   * is no room for it.
   */
  addWritten(request: AuthorizedRequest, key: ObjectKey): OptimizationJob | undefined {
    const pending = this.#jobs.pending();
    // A job that runs has begun with what was there before.
    const isQueued = pending.some((job) => job.key === key && job.work.state === 'queued');
    if (isQueued || this.#isClosed || !this.storage.holdFile || pending.length >= MOST_PENDING)
      return undefined;
    return this.#add(request, { key, keepOriginal: false });
  }

  /** Those whose file may be read by who asks, the oldest first. */
  list(request: AuthorizedRequest): readonly OptimizationJob[] {
    const rules = this.access.rulesNow(request);
    return this.#jobs.list().filter(({ key }) => rules.may('read', key));
  }

  /** @throws ProblemError not-found */
  get(request: AuthorizedRequest, id: string): OptimizationJob {
    const job = this.#jobs.get(id);
    if (job && this.access.rulesNow(request).may('read', job.key)) return job;
    throw new ProblemError('not-found', 'There is no job with this id, or it ended long ago.');
  }

  /**
   * Resolves when it has ended: cancelled, or by itself if it was faster. Takes the permission to write the file.
   * @throws ProblemError not-found; as `AccessControl.demand`
   */
  async cancel(request: AuthorizedRequest, id: string): Promise<OptimizationJob> {
    const job = this.get(request, id);
    this.access.demand(request, 'write', job.key);
    if (hasEnded(job.work.state)) return job;
    this.audit.record(request, { action: 'cancel optimize', path: job.key, outcome: 'done' });
    job.work.cancel();
    await job.work.ended;
    return job;
  }

  /** @throws ProblemError conflict when it waits already, and is to be done otherwise */
  #sameJob({ key, keepOriginal }: OptimizationRequest): OptimizationJob | undefined {
    const job = this.#jobs.pending().find((other) => other.key === key);
    if (job && job.keepOriginal !== keepOriginal)
      throw new ProblemError('conflict', 'The file is in the queue already, with another `keepOriginal`.');
    return job;
  }

  async #demandRepairable(key: ObjectKey): Promise<void> {
    const object = await this.storage.open(key);
    try {
      const repaired = await this.plans.get(object);
      // What took too long to find out now, the job finds out.
      if (!repaired.map && isConclusive(repaired)) throw notOptimizable(repaired);
    } finally {
      await object.close();
    }
  }

  #add(request: AuthorizedRequest, { key, keepOriginal }: OptimizationRequest): OptimizationJob {
    if (this.#isClosed || this.#jobs.pending().length >= MOST_PENDING)
      throw new ProblemError('too-many-jobs', 'The queue is full. Try again when some of it is done.', {
        headers: { 'Retry-After': String(RETRY_AFTER) },
      });
    // By the time it ends the connection may be gone.
    const client = this.clients.addressOf(request);
    const created = Date.now();
    let job: OptimizationJob | undefined;
    // It may begin at once, and tells of that.
    const jobOf = (work: Optimization) => (job ??= { key, keepOriginal, work, created });
    const work = this.#queue.add(key, this.#rewriting(key, keepOriginal), (work) => this.#tell(jobOf(work)));
    const added = jobOf(work);
    this.#jobs.add(added);
    if (work.state === 'queued') this.#tell(added);
    void work.ended.then(() => this.#record(request, client, added));
    return added;
  }

  #rewriting(key: ObjectKey, keepOriginal: boolean): Rewriting {
    return async (control) => {
      const held = await this.storage.holdFile!(key);
      try {
        const result = await rewriteFile(held.path, { ...control, keepOriginal, workplace: held });
        if (result.state === 'impossible')
          throw new RewriteError('impossible', { detail: whyNot(result.repairs) });
        if (result.state !== 'rewritten') return result;
        await this.#tellChanged(key, keepOriginal);
        await sleep(CLOCK_TICK);
        return result;
      } catch (error) {
        if (error instanceof RewriteError && error.reason === 'not-durable')
          await this.#tellChanged(key, keepOriginal);
        throw error;
      } finally {
        await held.release();
      }
    };
  }

  async #tellChanged(key: ObjectKey, keepOriginal: boolean): Promise<void> {
    try {
      this.events.rewritten(key, await this.storage.stat(key));
      if (!keepOriginal) return;
      const original = originalKey(key);
      this.events.created(original, await this.storage.stat(original));
    } catch (error) {
      // Gone again: whoever took it tells of that.
      if (!(error instanceof StorageError)) throw error;
    }
  }

  #tell(job: OptimizationJob): void {
    const { key, work } = job;
    const { id, state, progress } = work;
    if (state === 'running') job.started ??= Date.now();
    if (hasEnded(state)) job.ended ??= Date.now();
    const { written, total = null } = progress;
    this.events.progressed({ id, job: 'optimize', key, state, written, total });
  }

  #record(request: AuthorizedRequest, client: string, { key, work }: OptimizationJob): void {
    const outcome = work.state === 'done' ? 'done' : 'failed';
    const reason = work.state === 'failed' ? failureOf(work).reason : work.state;
    this.audit.record(request, {
      action: 'optimize',
      path: key,
      client,
      outcome,
      ...(outcome === 'failed' && { reason }),
    });
    if (work.state === 'failed') logUnexpected(this.logger, work);
  }
}

function originalKey(key: ObjectKey): ObjectKey {
  return originalName(key, path.posix) as ObjectKey;
}

function notOptimizable({ outcomes }: Repaired): ProblemError {
  const detail =
    outcomes.length > 0
      ? `The file cannot be repaired. ${whyNot(outcomes)}`
      : 'The file is in its playable form already, or is no media.';
  return new ProblemError('not-optimizable', detail, { extensions: { repairs: outcomes } });
}

function whyNot(outcomes: Repaired['outcomes']): string {
  return outcomes.flatMap((outcome) => (outcome.state === 'impossible' ? outcome.message : [])).join(' ');
}
