import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Hourly } from '../changes/hourly.js';
import { AppConfig } from '../config/app-config.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';
import { ignoreMissing } from './ignore-missing.js';

/** Removes for good what has been in the trash for longer than the settings say: at start, and every hour. */
@Injectable()
export class TrashKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('Trash');
  #cleaning: Hourly | undefined;
  #isOver = false;

  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly config: AppConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.#cleaning = new Hourly(() => this.#clean());
  }

  /** What is being removed is waited for. */
  async onModuleDestroy(): Promise<void> {
    this.#isOver = true;
    await this.#cleaning?.stop();
  }

  /** What cannot be removed is told of in the log, and stays. @returns how many entries were removed. @throws StorageError */
  async clean(nowMs: number): Promise<number> {
    const latest = nowMs - this.config.trashRetention * 1000;
    let removed = 0;
    for await (const { id, discardedAt } of this.storage.discarded()) {
      if (this.#isOver) break;
      if (discardedAt > latest) continue;
      await this.storage
        .purge(id)
        .then(() => removed++, ignoreMissing)
        .catch((err: unknown) =>
          this.#logger.warn({ err, id }, 'something in the trash could not be removed'),
        );
    }
    return removed;
  }

  async #clean(): Promise<void> {
    try {
      const removed = await this.clean(Date.now());
      if (removed > 0) this.#logger.log(`removed for good what was deleted long ago: ${removed}`);
    } catch (err) {
      this.#logger.warn({ err }, 'the trash could not be cleaned');
    }
  }
}
