import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Hourly } from '../changes/hourly.js';
import { Uploads } from './uploads.js';

/** Removes expired uploads when the server starts, and once an hour. */
@Injectable()
export class UploadSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('Uploads');
  #sweeping: Hourly | undefined;

  constructor(private readonly uploads: Uploads) {}

  onApplicationBootstrap(): void {
    this.#sweeping = new Hourly(() => this.#sweep());
  }

  /** What is being removed is waited for. */
  async onModuleDestroy(): Promise<void> {
    await this.#sweeping?.stop();
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
