import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Uploads } from './uploads.js';

/** Milliseconds. */
const INTERVAL = 60 * 60_000;

/** Removes expired uploads when the server starts, and once an hour. */
@Injectable()
export class UploadSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('Uploads');
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly uploads: Uploads) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#sweep(), INTERVAL).unref();
    void this.#sweep();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  async #sweep(): Promise<void> {
    try {
      const removed = await this.uploads.sweep();
      if (removed > 0) this.#logger.log({ removed }, 'removed expired uploads');
    } catch (err) {
      this.#logger.warn({ err }, 'could not look for expired uploads');
    }
  }
}
