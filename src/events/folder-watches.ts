import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { STORAGE_DRIVER, type StorageDriver, type StorageWatch } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { EVENT_LIMITS, type EventLimits } from './event-limits.js';
import { EventPublisher } from './event-publisher.js';
import type { EventScope } from './event-scope.js';

/** What a listener is told of the watch it stands on. */
export interface WatchUser {
  /** Changes by other programs are told from now on, or no longer. */
  onLive(isLive: boolean): void;
  /** Some may have been missed. */
  onGap(): void;
}

/** A listener's hold on a watch that it may share with others. */
export interface WatchHold {
  /** Resolves when it is known whether changes by other programs are told. Never rejects. */
  readonly ready: Promise<void>;
  readonly isLive: boolean;
  /** Whether every change behind this event was told. */
  coversSince(sequence: number): boolean;
  release(): void;
}

/** Watches the folders that somebody listens to, each once, and for a moment longer in case the listener comes back. */
@Injectable()
export class FolderWatches implements OnModuleDestroy {
  readonly #shared = new Map<string, SharedWatch>();

  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly publisher: EventPublisher,
    @Inject(EVENT_LIMITS) private readonly limits: EventLimits,
  ) {}

  hold(scope: EventScope, user: WatchUser): WatchHold {
    const id = `${scope.recursive}/${scope.key}`;
    let shared = this.#shared.get(id);
    if (!shared) {
      shared = new SharedWatch(this.storage, scope, this.publisher, this.limits, () =>
        this.#shared.delete(id),
      );
      this.#shared.set(id, shared);
    }
    return shared.hold(user);
  }

  /** Folders that are watched or tried to. */
  get count(): number {
    return this.#shared.size;
  }

  onModuleDestroy(): void {
    for (const shared of this.#shared.values()) shared.close();
    this.#shared.clear();
  }
}

class SharedWatch {
  private readonly logger = new Logger('Events');
  readonly #users = new Set<WatchUser>();
  readonly #ready: Promise<void>;
  #watch: StorageWatch | undefined;
  /** The number of the last event before changes were told; undefined while they are not. */
  #since: number | undefined;
  #rest: NodeJS.Timeout | undefined;
  #again: NodeJS.Timeout | undefined;
  #isClosed = false;
  #isReported = false;

  constructor(
    private readonly storage: StorageDriver,
    private readonly scope: EventScope,
    private readonly publisher: EventPublisher,
    private readonly limits: EventLimits,
    private readonly onUnused: () => void,
  ) {
    this.#ready = this.#start();
  }

  hold(user: WatchUser): WatchHold {
    this.#users.add(user);
    clearTimeout(this.#rest);
    const isLive = () => this.#since !== undefined;
    return {
      ready: this.#ready,
      get isLive() {
        return isLive();
      },
      // A storage that cannot be watched changes through this server alone.
      coversSince: (sequence) => !this.storage.watch || (this.#since ?? Infinity) <= sequence,
      release: () => {
        if (this.#users.delete(user) && this.#users.size === 0) this.#endSoon();
      },
    };
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#rest);
    clearTimeout(this.#again);
    this.#watch?.close();
  }

  #endSoon(): void {
    const end = () => {
      this.close();
      this.onUnused();
    };
    this.#rest = setTimeout(end, this.limits.linger).unref();
  }

  async #start(): Promise<void> {
    if (!this.storage.watch) return;
    let isEnded = false;
    try {
      const watch = await this.storage.watch(this.scope.key, this.scope, {
        onChange: (change) => this.publisher.seen(change),
        onEnd: (reason) => {
          isEnded = true;
          this.#onEnd(reason);
        },
      });
      if (this.#isClosed) return watch.close();
      if (isEnded) return;
      this.#watch = watch;
      this.#since = this.publisher.feed.sequence;
      if (this.#isReported) this.logger.log('changes by other programs are told again');
      this.#isReported = false;
    } catch (error) {
      this.#onEnd(error instanceof StorageError ? error : new StorageError('unavailable', error));
    }
  }

  /** Tries again: at once where only something was missed, and later where nothing can be watched. */
  #onEnd(reason: StorageError): void {
    if (this.#isClosed) return;
    const wasLive = this.#since !== undefined;
    this.#watch = undefined;
    this.#since = undefined;
    if (reason.reason === 'unavailable' && !this.#isReported) {
      this.#isReported = true;
      this.logger.warn(
        { err: reason.cause },
        'changes by other programs are not told: the folder cannot be watched. On Linux, raise fs.inotify.max_user_watches if it has too many folders',
      );
    }
    if (wasLive) for (const user of this.#users) user.onLive(false);
    this.#again = setTimeout(() => void this.#resume(), wasLive ? 0 : this.limits.again).unref();
  }

  async #resume(): Promise<void> {
    await this.#start();
    if (this.#since === undefined || this.#isClosed) return;
    for (const user of this.#users) {
      user.onGap();
      user.onLive(true);
    }
  }
}
