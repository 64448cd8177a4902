import { constants, type BigIntStats } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { mediaTypeOf } from '../../../core/http/index.js';
import { baseName, isHidden, type ObjectKey } from '../../../core/path/index.js';
import type { ListedObject, ObjectStat, StorageDriver, StoredObject } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { toStorageError } from './disk-error.js';
import { DiskSource } from './disk-source.js';
import { diskValidators } from './disk-validators.js';
import { listFolder } from './list-folder.js';
import { openVerified, type Opened } from './open-verified.js';

export interface LocalDiskOptions {
  /** The folder that is served: absolute. Symbolic links in it are followed as long as they stay inside. */
  readonly root: string;
  /** Whether names that start with a dot are served. */
  readonly hidden: boolean;
}

/** How often a file may be swapped under our hands before it counts as missing. */
const ATTEMPTS = 3;

/** Serves a folder of the local file system, read-only. */
export class LocalDiskDriver implements StorageDriver {
  constructor(private readonly options: LocalDiskOptions) {}

  async stat(key: ObjectKey): Promise<ObjectStat> {
    try {
      const { stats } = await this.#locate(key);
      if (stats.isDirectory()) return { kind: 'folder', lastModified: toMilliseconds(stats.mtimeNs) };
      return { kind: 'file', size: Number(stats.size), ...describe(key, stats) };
    } catch (error) {
      throw toStorageError(error);
    }
  }

  async open(key: ObjectKey): Promise<StoredObject> {
    try {
      const { handle, stats } = await this.#open(key, 'file');
      return {
        key,
        ...describe(key, stats),
        source: new DiskSource(handle, Number(stats.size)),
        close: () => handle.close(),
      };
    } catch (error) {
      throw toStorageError(error);
    }
  }

  async *list(key: ObjectKey): AsyncGenerator<ListedObject[]> {
    try {
      const { handle, file } = await this.#open(key, 'folder');
      const resolve = (name: string) => this.#listLink(key, name);
      try {
        yield* listFolder(handle, file, { hidden: this.options.hidden, resolve });
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw toStorageError(error);
    }
  }

  async check(): Promise<void> {
    try {
      const stats = await stat(this.options.root);
      if (!stats.isDirectory()) throw new StorageError('unavailable');
      await access(this.options.root, constants.R_OK | constants.X_OK);
    } catch (error) {
      throw new StorageError('unavailable', error);
    }
  }

  async #open(key: ObjectKey, kind: 'file' | 'folder'): Promise<Opened & { file: string }> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { file, stats } = await this.#locate(key);
      if (stats.isDirectory() !== (kind === 'folder'))
        throw new StorageError(kind === 'file' ? 'is-folder' : 'is-file');
      const opened = await openVerified(file, kind);
      if (opened) return { ...opened, file };
    }
    throw new StorageError('missing');
  }

  /** A link is listed as what it leads to, under its own name. */
  async #listLink(folder: ObjectKey, name: string): Promise<ListedObject | undefined> {
    const located = await this.#locate(path.posix.join(folder, name) as ObjectKey).catch(() => undefined);
    if (!located) return undefined;
    const { stats } = located;
    const isFolder = stats.isDirectory();
    return {
      name,
      kind: isFolder ? 'folder' : 'file',
      size: isFolder ? 0 : Number(stats.size),
      lastModified: toMilliseconds(stats.mtimeNs),
    };
  }

  /** The real path of a key and what is there: an ordinary file or folder inside the root, or it is missing. */
  async #locate(key: ObjectKey): Promise<{ file: string; stats: BigIntStats }> {
    if (!this.options.hidden && isHidden(key)) throw new StorageError('missing');
    // Where the platform separates paths by more than a slash, such a character could step sideways.
    if (path.sep !== '/' && /[\\:]/.test(key)) throw new StorageError('missing');
    const root = await realpath(this.options.root).catch((error: unknown) => {
      throw new StorageError('unavailable', error); // unmounted, say: nothing is missing
    });
    const file = await realpath(path.join(root, key));
    if (!isInside(root, file)) throw new StorageError('missing');
    // A link must not show under another name what is hidden.
    if (!this.options.hidden && isHidden(path.relative(root, file))) throw new StorageError('missing');
    const stats = await stat(file, { bigint: true });
    if (!stats.isFile() && !stats.isDirectory()) throw new StorageError('missing');
    return { file, stats };
  }
}

function describe(key: ObjectKey, stats: BigIntStats) {
  return { mediaType: mediaTypeOf(baseName(key)), validators: diskValidators(stats) };
}

function toMilliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000n);
}

/** Compared with the separator: /srv/media-secret is not inside /srv/media. */
function isInside(root: string, file: string): boolean {
  return file === root || file.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
}
