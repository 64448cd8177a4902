import {
  Controller,
  Module,
  UseGuards,
  type CanActivate,
  type DynamicModule,
  type Type,
} from '@nestjs/common';
import { LocalDiskDriver } from '../storage/drivers/local-disk/local-disk-driver.js';
import { STORAGE_DRIVER, type ReadableStorage } from '../storage/storage-driver.js';
import { FilesController } from './files.controller.js';
import { RepresentationSender } from './representation-sender.js';
import { entryUrl } from './resource-urls.js';
import { LISTING_URL, StreamService } from './stream.service.js';

export interface FilesModuleOptions {
  /** The folder to serve, absolute; or a storage of your own. */
  readonly root: string | ReadableStorage;
  /** The URL prefix below which files are served, without slashes at the ends. Default `files`. */
  readonly prefix?: string;
  /** Guards that decide who may read. They run before anything is opened. Default: none of these, only global ones. */
  readonly guards?: readonly (Type<CanActivate> | CanActivate)[];
  /** Whether names with a leading dot are served. Default false. Has no effect on a storage of your own. */
  readonly hidden?: boolean;
}

/** `/files` of the server. In an application of your own: `FilesModule.forRoot({ root: '/srv/media' })`. */
@Module({
  controllers: [FilesController],
  providers: [StreamService, RepresentationSender, { provide: LISTING_URL, useValue: entryUrl }],
  exports: [StreamService, RepresentationSender],
})
export class FilesModule {
  /**
   * Serves a folder in somebody else's Nest application, below a prefix and behind guards of theirs, with ranges,
   * preconditions, HEAD and problem documents as the server itself has them. May be used more than once.
   */
  static forRoot({ root, prefix = 'files', guards = [], hidden = false }: FilesModuleOptions): DynamicModule {
    // A class of its own for each use: two folders may be served below two prefixes.
    @Controller(prefix)
    @UseGuards(...guards)
    class PrefixedFilesController extends FilesController {}

    @Module({
      controllers: [PrefixedFilesController],
      providers: [
        StreamService,
        RepresentationSender,
        {
          provide: STORAGE_DRIVER,
          useValue: typeof root === 'string' ? new LocalDiskDriver({ root, hidden }) : root,
        },
        { provide: LISTING_URL, useValue: null },
      ],
    })
    class PrefixedFilesModule {}
    return { module: PrefixedFilesModule };
  }
}
