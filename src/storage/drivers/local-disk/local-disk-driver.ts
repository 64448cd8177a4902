import { constants, type BigIntStats } from 'node:fs';
import { open, readlink, realpath, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { mediaTypeOf } from '../../../core/http/index.js';
import { baseName, isHidden, type ObjectKey } from '../../../core/path/index.js';
import type { ObjectStat, StorageDriver, StoredObject } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { toStorageError } from './disk-error.js';
import { DiskSource } from './disk-source.js';
import { diskValidators } from './disk-validators.js';

export interface LocalDiskOptions {
  /** The folder that is served: absolute. Symbolic links in it are followed as long as they stay inside. */
  readonly root: string;
  /** Whether names that start with a dot are served. */
  readonly hidden: boolean;
}

/** NOFOLLOW: the path is resolved already. NONBLOCK: should a FIFO slip in between, opening it must not hang. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** How often a file may be swapped under our hands before it counts as missing. */
const ATTEMPTS = 3;

/** Serves a folder of the local file system, read-only. */
export class LocalDiskDriver implements StorageDriver {
  constructor(private readonly options: LocalDiskOptions) {}

  async stat(key: ObjectKey): Promise<ObjectStat> {
    try {
      const { stats } = await this.#locate(key);
      if (stats.isDirectory()) return { kind: 'folder' };
      return { kind: 'file', size: Number(stats.size), ...describe(key, stats) };
    } catch (error) {
      throw toStorageError(error);
    }
  }

  async open(key: ObjectKey): Promise<StoredObject> {
    try {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const { file, stats } = await this.#locate(key);
        if (stats.isDirectory()) throw new StorageError('is-folder');
        const opened = await openVerified(file);
        if (opened) {
          const { handle } = opened;
          return {
            key,
            ...describe(key, opened.stats),
            source: new DiskSource(handle, Number(opened.stats.size)),
            close: () => handle.close(),
          };
        }
      }
      throw new StorageError('missing');
    } catch (error) {
      throw toStorageError(error);
    }
  }

  async check(): Promise<void> {
    try {
      const stats = await stat(this.options.root);
      if (!stats.isDirectory()) throw new StorageError('unavailable');
    } catch (error) {
      throw new StorageError('unavailable', error);
    }
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

/**
 * Opens a resolved path and makes sure that what was opened is that very file: no folder on the way may have become
 * a link meanwhile, and the file must still be an ordinary one. Undefined when it was swapped: worth another try.
 */
async function openVerified(file: string): Promise<{ handle: FileHandle; stats: BigIntStats } | undefined> {
  const handle = await open(file, OPEN_FLAGS);
  try {
    const stats = await handle.stat({ bigint: true });
    if (stats.isFile() && (await isOpenedFrom(handle, file, stats))) return { handle, stats };
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return undefined;
}

async function isOpenedFrom(handle: FileHandle, file: string, stats: BigIntStats): Promise<boolean> {
  if (process.platform === 'linux') {
    // Asked of the descriptor, so there is nothing left to race with. A file deleted since then is marked as such.
    const opened = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
    if (opened !== undefined) return opened === file || opened === `${file} (deleted)`;
  }
  if ((await realpath(file)) !== file) return false;
  const again = await stat(file, { bigint: true });
  return again.dev === stats.dev && again.ino === stats.ino;
}

function describe(key: ObjectKey, stats: BigIntStats) {
  return { mediaType: mediaTypeOf(baseName(key)), validators: diskValidators(stats) };
}

/** Compared with the separator: /srv/media-secret is not inside /srv/media. */
function isInside(root: string, file: string): boolean {
  return file === root || file.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
}
