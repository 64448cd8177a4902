import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';

/**
 * Removes what changes that a crash broke off have left, before the first request is answered. It looks into two folders,
 * whatever is served, and makes none. A storage that cannot be looked at now is no reason not to start.
 */
@Injectable()
export class Recovery implements OnApplicationBootstrap {
  private readonly logger = new Logger('Storage');

  constructor(@Inject(STORAGE_DRIVER) private readonly storage: StorageDriver) {}

  async onApplicationBootstrap(): Promise<void> {
    try {
      const removed = await this.storage.recover();
      if (removed > 0)
        this.logger.log(
          `${removed} ${removed === 1 ? 'leftover' : 'leftovers'} of changes that were broken off removed`,
        );
    } catch (error) {
      this.logger.warn(
        { err: error as Error },
        'leftovers of changes that were broken off could not be looked for',
      );
    }
  }
}
