import { Inject, Injectable, Logger } from '@nestjs/common';
import { mayBeChanged } from '../auth/everybody.js';
import { AppConfig } from '../config/app-config.js';
import { STATE_FOLDERS, type StateFolders } from '../storage/state-folders.js';
import { DiskThumbnails } from './disk-thumbnails.js';
import { type KeptThumbnails, MemoryThumbnails } from './kept-thumbnails.js';

const FOLDER = 'thumbnails';
/** In memory, in bytes, where nothing is kept on disk. */
const IN_MEMORY = 32 * 2 ** 20;

/** Keeps thumbnails where the settings let it. Nothing is made on disk before the first is asked for. */
@Injectable()
export class ThumbnailStore implements KeptThumbnails {
  private readonly logger = new Logger('Thumbnails');
  #kept: Promise<KeptThumbnails> | undefined;

  constructor(
    private readonly config: AppConfig,
    @Inject(STATE_FOLDERS) private readonly folders: StateFolders,
  ) {}

  async get(id: string): Promise<Buffer | undefined> {
    return (await this.#open()).get(id);
  }

  async set(id: string, bytes: Buffer): Promise<void> {
    await (await this.#open()).set(id, bytes);
  }

  #open(): Promise<KeptThumbnails> {
    return (this.#kept ??= this.#choose());
  }

  async #choose(): Promise<KeptThumbnails> {
    const { thumbnailCache: limit, stateDir } = this.config;
    // A server that nothing may be written on makes no folder in what it serves.
    const hasState = stateDir !== null || mayBeChanged(this.config);
    try {
      if (hasState && limit > 0)
        return await DiskThumbnails.open(await this.folders.stateFolder(FOLDER), limit);
    } catch (error) {
      this.logger.warn({ err: error as Error }, 'small pictures are not kept on disk');
    }
    return new MemoryThumbnails(Math.min(limit, IN_MEMORY));
  }
}
