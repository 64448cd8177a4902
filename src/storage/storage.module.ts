import { Global, Module } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { LocalDiskDriver } from './drivers/local-disk/local-disk-driver.js';
import { STORAGE_DRIVER } from './storage-driver.js';

/** Chooses the driver. The one place that knows more than the port. */
@Global()
@Module({
  providers: [
    {
      provide: STORAGE_DRIVER,
      inject: [AppConfig],
      useFactory: (config: AppConfig) => new LocalDiskDriver({ root: config.root, hidden: config.hidden }),
    },
  ],
  exports: [STORAGE_DRIVER],
})
export class StorageModule {}
