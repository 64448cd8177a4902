import { Global, Module, type DynamicModule } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { LocalDiskDriver } from './drivers/local-disk/local-disk-driver.js';
import type { WatchTimes } from './drivers/local-disk/watch-times.js';
import { STATE_FOLDERS } from './state-folders.js';
import { STORAGE_DRIVER } from './storage-driver.js';

/** Chooses the driver. The one place that knows more than the port. */
@Global()
@Module({})
export class StorageModule {
  static forRoot(watchTimes: WatchTimes): DynamicModule {
    return {
      module: StorageModule,
      providers: [
        {
          provide: STORAGE_DRIVER,
          inject: [AppConfig],
          useFactory: ({ root, hidden, stateDir }: AppConfig) =>
            new LocalDiskDriver({ root, hidden, watchTimes, ...(stateDir !== null && { stateDir }) }),
        },
        { provide: STATE_FOLDERS, useExisting: STORAGE_DRIVER },
      ],
      exports: [STORAGE_DRIVER, STATE_FOLDERS],
    };
  }
}
