import { Inject, Injectable } from '@nestjs/common';
import type { AccessRules } from '../core/access/index.js';
import { MemorySource, type ByteSource } from '../core/bytes/index.js';
import { formatEntityTag } from '../core/http/index.js';
import type { ObjectKey } from '../core/path/index.js';
import { isDrawable } from '../core/picture/index.js';
import { EmbeddedPictures } from '../media/embedded-pictures.js';
import { isPlayable } from '../media/pictures.js';
import { SidecarPictures } from '../media/sidecar-pictures.js';
import { STORAGE_DRIVER, type ObjectStat, type StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { busy } from './workshop.js';

/** A place where a picture may be. */
export interface PictureOrigin {
  /** Names the version of the file, and what in it is meant. */
  readonly identity: string;
  /** Of the file, in milliseconds since the epoch. */
  readonly lastModified: number;
  /** Undefined where there is no picture. Whoever opens it closes it. */
  open(): Promise<OpenPicture | undefined>;
}

export interface OpenPicture {
  readonly source: ByteSource;
  close(): Promise<void>;
}

type FileStat = Extract<ObjectStat, { kind: 'file' }>;

/** Knows where to look for the picture of something. */
@Injectable()
export class PictureOrigins {
  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly embedded: EmbeddedPictures,
    private readonly sidecars: SidecarPictures,
  ) {}

  /**
   * The best first. Each is looked for when the one before has been tried.
   * @param rules of who asks: what they may not read is no place to look
   * @throws StorageError as the driver has it, missing for a file asked for as a folder
   */
  async *of(key: ObjectKey, asFolder: boolean, rules: AccessRules): AsyncGenerator<PictureOrigin> {
    const stat = await this.storage.stat(key);
    if (stat.kind === 'folder') yield* this.#beside(await this.sidecars.ofFolder(key, rules));
    else if (asFolder) throw new StorageError('missing');
    else if (isDrawable(stat.mediaType)) yield this.#file(key, stat);
    else if (isPlayable(stat.mediaType)) {
      yield this.#within(key, stat);
      yield* this.#beside(await this.sidecars.ofFile(key, stat.mediaType, rules));
    }
  }

  async *#beside(key: ObjectKey | undefined): AsyncGenerator<PictureOrigin> {
    const stat = key !== undefined && (await this.storage.stat(key).catch(() => undefined));
    if (stat && stat.kind === 'file') yield this.#file(key, stat);
  }

  #file(key: ObjectKey, { validators }: FileStat): PictureOrigin {
    return {
      identity: formatEntityTag(validators.etag),
      lastModified: validators.lastModified,
      open: () => this.storage.open(key),
    };
  }

  #within(key: ObjectKey, { validators }: FileStat): PictureOrigin {
    return {
      identity: `${formatEntityTag(validators.etag)} tags`,
      lastModified: validators.lastModified,
      open: async () => {
        const object = await this.storage.open(key);
        try {
          const bytes = await this.embedded.read(object.source);
          if (bytes === 'busy') throw busy();
          return bytes === null
            ? undefined
            : { source: new MemorySource(bytes), close: () => Promise.resolve() };
        } finally {
          await object.close();
        }
      },
    };
  }
}
