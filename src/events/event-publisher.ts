import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { Coalescer, EventFeed, RecentStates, type EntryState } from '../core/events/index.js';
import type { ObjectKey } from '../core/path/index.js';
import { entryUrl, fileUrl } from '../files/resource-urls.js';
import type { EntryChange, ObjectStat } from '../storage/storage-driver.js';
import { EVENT_LIMITS, type EventLimits } from './event-limits.js';
import { isPublic } from './sees.js';

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** How far a job in the background has come. */
export interface JobProgress {
  readonly id: string;
  /** What it does, such as `optimize`. */
  readonly job: string;
  /** The file it does it to. */
  readonly key: ObjectKey;
  readonly state: JobState;
  /** In bytes. */
  readonly written: number;
  /** In bytes; null until it is known. */
  readonly total: number | null;
}

type Kind = 'file' | 'folder';

/** Paths that were told of; each is remembered for a limited time. */
const MOST_REMEMBERED = 20_000;
const ENDED: readonly JobState[] = ['done', 'failed', 'cancelled'];

/**
 * Where what has happened is told. Whoever writes tells of it once it is done, and never waits for it; watchers tell
 * what they see, and what was told by both goes out once. A folder speaks for all that is in it.
 */
@Injectable()
export class EventPublisher implements OnModuleDestroy {
  readonly feed: EventFeed;
  readonly #states: RecentStates;
  readonly #jobs: Coalescer<JobProgress>;

  constructor(
    private readonly config: AppConfig,
    @Inject(EVENT_LIMITS) limits: EventLimits,
  ) {
    this.feed = new EventFeed(limits);
    this.#states = new RecentStates(limits.remembered, MOST_REMEMBERED);
    this.#jobs = new Coalescer(limits.progress, (progress) => this.#publishProgress(progress));
  }

  onModuleDestroy(): void {
    this.#jobs.close();
  }

  /** @param stat of what is there now, as the driver has it */
  created(key: ObjectKey, stat: ObjectStat): void {
    if (this.#states.written(key, stateOf(stat))) this.#publish('created', key, stat.kind);
  }

  /** @param stat of what is there now, as the driver has it */
  changed(key: ObjectKey, stat: ObjectStat): void {
    if (this.#states.written(key, stateOf(stat))) this.#publish('changed', key, stat.kind);
  }

  /**
   * As {@link changed}, of a file that may have other bytes in the same size and with the same time: what a watcher told of
   * it a moment ago was the old one.
   * @param stat of what is there now, as the driver has it
   */
  rewritten(key: ObjectKey, stat: ObjectStat): void {
    this.#states.written(key, stateOf(stat));
    this.#publish('changed', key, stat.kind);
  }

  removed(key: ObjectKey, kind: Kind): void {
    if (this.#states.written(key, 'absent')) this.#publish('removed', key, kind);
  }

  /**
   * Told as a removal and a creation, each of which names the other place to those who may see it.
   * @param stat of what is at the new place now
   * @param replaced there was a file at the new place before
   */
  moved(from: ObjectKey, to: ObjectKey, stat: ObjectStat, replaced = false): void {
    if (this.#states.written(from, 'absent')) this.#publish('removed', from, stat.kind, { movedTo: to });
    if (this.#states.written(to, stateOf(stat)))
      this.#publish(replaced ? 'changed' : 'created', to, stat.kind, { movedFrom: from });
  }

  /** May be told as often as it likes; listeners hear a few times a second, and always how it ends. */
  progressed(progress: JobProgress): void {
    this.#jobs.offer(progress.id, progress, ENDED.includes(progress.state));
  }

  /** What a watcher of the storage has seen. */
  seen(seen: EntryChange): void {
    const { key, kind, size, lastModified } = seen;
    const state: EntryState =
      seen.change === 'removed' ? 'absent' : kind === 'folder' ? 'folder' : `file ${size} ${lastModified}`;
    const change = this.#states.seen(key, state, seen.change);
    if (change) this.#publish(change, key, kind);
  }

  #publish(
    change: EntryChange['change'],
    key: ObjectKey,
    kind: Kind,
    move?: { readonly movedTo: ObjectKey } | { readonly movedFrom: ObjectKey },
  ): void {
    if (!isPublic(key, this.config.hidden)) return;
    const links = { self: entryUrl(key), ...(kind === 'file' && { file: fileUrl(key) }) };
    const payload = { path: key, kind, links };
    const other = move && Object.values(move)[0]!;
    this.feed.publish({
      type: `entry-${change}`,
      key,
      data: JSON.stringify(payload),
      isFolder: kind === 'folder' && change !== 'changed',
      ...(other !== undefined &&
        isPublic(other, this.config.hidden) && {
          linked: { key: other, data: JSON.stringify({ ...payload, ...move }) },
        }),
    });
  }

  #publishProgress({ id, job, key, state, written, total }: JobProgress): void {
    if (!isPublic(key, this.config.hidden)) return;
    const payload = {
      id,
      job,
      state,
      progress: { written, total },
      path: key,
      kind: 'file',
      links: { self: entryUrl(key), file: fileUrl(key) },
    };
    this.feed.publish({ type: 'job-progress', key, data: JSON.stringify(payload) });
  }
}

/** The words in which watchers see a version too: an entity tag would say more than they look at. */
function stateOf(stat: ObjectStat): EntryState {
  return stat.kind === 'folder' ? 'folder' : `file ${stat.size} ${stat.validators.lastModified}`;
}
