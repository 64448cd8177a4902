import { constants, type BigIntStats } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { mediaTypeOf } from '../../../core/http/index.js';
import { baseName, isHidden, type ObjectKey } from '../../../core/path/index.js';
import type { ListedObject, ObjectStat, StorageDriver, StoredObject } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { toStorageError } from './disk-error.js';
import { diskValidators } from './disk-validators.js';
import { listFolder } from './list-folder.js';
import { OpenFiles, type Borrowed } from './open-files.js';
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
  readonly #files = new OpenFiles();
  #realRoot: string | undefined;

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
      this.#refuse(key);
      const file = path.join(this.options.root, key);
      const { file: open, release } = (await this.#files.borrow(file)) ?? (await this.#add(key, file));
      const { source, validators } = open;
      return {
        key,
        mediaType: mediaTypeOf(baseName(key)),
        validators,
        source,
        close: () => Promise.resolve(release()),
      };
    } catch (error) {
      throw toStorageError(error);
    }
  }

  async *list(key: ObjectKey): AsyncGenerator<ListedObject[]> {
    try {
      const { descriptor, actual } = await this.#open(key, 'folder');
      const resolve = (name: string) => this.#listLink(key, name);
      try {
        yield* listFolder(descriptor, actual, { hidden: this.options.hidden, resolve });
      } finally {
        await descriptor.close();
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

  async #add(key: ObjectKey, file: string): Promise<Borrowed> {
    const open = () => this.#open(key, 'file');
    const opened = await open().catch(async (error: unknown) => {
      const isOut = ['EMFILE', 'ENFILE'].includes((error as NodeJS.ErrnoException).code ?? '');
      if (isOut && (await this.#files.closeIdle())) return open();
      throw error;
    });
    return this.#files.add(file, opened);
  }

  /** Opens what a key leads to, and only then judges it: by the path of what was really opened. */
  async #open(key: ObjectKey, kind: 'file' | 'folder'): Promise<Opened> {
    this.#refuse(key);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const opened = await openVerified(path.join(this.options.root, key)).catch((error: unknown) =>
        this.#explain(error),
      );
      if (!opened) continue;
      const isFolder = opened.stats.isDirectory();
      try {
        await this.#admit(opened.actual);
        if (isFolder === (kind === 'folder')) return opened;
      } catch (error) {
        await opened.descriptor.close();
        throw error;
      }
      await opened.descriptor.close();
      throw new StorageError(isFolder ? 'is-folder' : 'is-file');
    }
    throw new StorageError('missing');
  }

  /** Whether a real path may be seen: inside the root, and not hidden under another name. @throws StorageError */
  async #admit(actual: string): Promise<void> {
    // The root's own path is remembered, and asked for again before anything is refused: the root may be a link that
    // has been turned to another folder.
    if (this.#realRoot === undefined || !isInside(this.#realRoot, actual))
      this.#realRoot = await this.#findRoot();
    const root = this.#realRoot;
    if (!isInside(root, actual)) throw new StorageError('missing');
    if (!this.options.hidden && isHidden(actual.slice(root.length))) throw new StorageError('missing');
  }

  #findRoot(): Promise<string> {
    return realpath(this.options.root).catch((error: unknown) => {
      throw new StorageError('unavailable', error); // unmounted, say: nothing is missing
    });
  }

  /** What cannot be found below a root that is gone is not missing. */
  async #explain(error: unknown): Promise<never> {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') await this.#findRoot();
    throw error;
  }

  /** @throws StorageError for a key that names nothing, whatever is stored */
  #refuse(key: ObjectKey): void {
    if (!this.options.hidden && isHidden(key)) throw new StorageError('missing');
    // Where the platform separates paths by more than a slash, such a character could step sideways.
    if (path.sep !== '/' && /[\\:]/.test(key)) throw new StorageError('missing');
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
    this.#refuse(key);
    const file = await realpath(path.join(this.options.root, key)).catch((error: unknown) =>
      this.#explain(error),
    );
    await this.#admit(file);
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
