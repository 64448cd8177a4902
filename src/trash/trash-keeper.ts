import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';

/** Milliseconds. */
const HOUR = 3_600_000;

/** Removes for good what has been in the trash for longer than the settings say: at start, and every hour. */
@Injectable()
export class TrashKeeper implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger('Trash');
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly config: AppConfig,
  ) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => this.#begin(), HOUR).unref();
    this.#begin();
  }

  /** What is being removed is waited for. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    this.#isOver = true;
    await this.#running;
  }

  /** @returns how many entries were removed. @throws StorageError */
  async clean(nowMs: number): Promise<number> {
    const latest = nowMs - this.config.trashRetention * 1000;
    let removed = 0;
    for await (const { id, discardedAt } of this.storage.discarded()) {
      if (this.#isOver) break;
      if (discardedAt > latest) continue;
      await this.storage.purge(id).then(() => removed++, ignoreMissing);
    }
    return removed;
  }

  #begin(): void {
    const cleaning = this.#running.then(() => this.clean(Date.now()));
    this.#running = cleaning.then(
      (removed) => {
        if (removed > 0) this.#logger.log(`removed for good what was deleted long ago: ${removed}`);
      },
      (error: unknown) => this.#logger.warn({ err: error }, 'the trash could not be cleaned'),
    );
  }
}

/** Somebody may have restored it. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof StorageError && error.reason === 'missing')) throw error;
}
