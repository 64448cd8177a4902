import { constants, type BigIntStats } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { mediaTypeOf } from '../../../core/http/index.js';
import { baseName, type ObjectKey } from '../../../core/path/index.js';
import type { StateFolders } from '../../state-folders.js';
import type {
  ChangeOptions,
  CopyOptions,
  HeldFile,
  Discarded,
  DiscardedId,
  DiscardOptions,
  ListedObject,
  ObjectStat,
  Placed,
  StagedContent,
  StorageDriver,
  StorageWatch,
  StoredObject,
  WatchListener,
  WriteOptions,
  Written,
} from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { toStorageError } from './disk-error.js';
import { diskValidators } from './disk-validators.js';
import { DiskWatch } from './disk-watch.js';
import { DiskWriter } from './disk-writer.js';
import { listFolder } from './list-folder.js';
import { OpenFiles, type Borrowed } from './open-files.js';
import { openVerified, type Opened } from './open-verified.js';
import { ServedFolder, type LocalDiskOptions } from './served-folder.js';
import { WATCH_TIMES } from './watch-times.js';
import type { Seen } from './watched-folder.js';

/** How often a file may be swapped under our hands before it counts as missing. */
const ATTEMPTS = 3;

/** Serves a folder of the local file system. Nothing is made in it, nor elsewhere, before the first change. */
export class LocalDiskDriver implements StorageDriver, StateFolders {
  readonly #files = new OpenFiles();
  readonly #served: ServedFolder;
  readonly #writer: DiskWriter;

  constructor(options: LocalDiskOptions) {
    this.#served = new ServedFolder(options);
    this.#writer = new DiskWriter(this.#served);
  }

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
      this.#served.refuse(key);
      const file = this.#served.pathOf(key);
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
        yield* listFolder(descriptor, actual, {
          isListed: (name) => this.#served.isListed(actual, name),
          resolve,
        });
      } finally {
        await descriptor.close();
      }
    } catch (error) {
      throw toStorageError(error);
    }
  }

  async check(): Promise<void> {
    const { root } = this.#served.options;
    try {
      const stats = await stat(root);
      if (!stats.isDirectory()) throw new StorageError('unavailable');
      await access(root, constants.R_OK | constants.X_OK);
    } catch (error) {
      throw new StorageError('unavailable', error);
    }
  }

  write(key: ObjectKey, content: AsyncIterable<Uint8Array>, options?: WriteOptions): Promise<Written> {
    return this.#writer.write(key, content, options);
  }

  checkWrite(key: ObjectKey, options?: WriteOptions): Promise<void> {
    return this.#writer.checkWrite(key, options);
  }

  adopt(key: ObjectKey, staged: StagedContent, options?: WriteOptions): Promise<Written> {
    return this.#writer.adopt(key, staged, options);
  }

  makeFolder(key: ObjectKey): Promise<void> {
    return this.#writer.makeFolder(key);
  }

  remove(key: ObjectKey, options?: ChangeOptions): Promise<void> {
    return this.#writer.remove(key, options);
  }

  move(from: ObjectKey, to: ObjectKey, options?: CopyOptions): Promise<Placed> {
    return this.#writer.move(from, to, options);
  }

  copy(from: ObjectKey, to: ObjectKey, options?: CopyOptions): Promise<Placed> {
    return this.#writer.copy(from, to, options);
  }

  holdFile(key: ObjectKey): Promise<HeldFile> {
    return this.#writer.holdFile(key);
  }

  discard(key: ObjectKey, options?: DiscardOptions): Promise<Discarded> {
    return this.#writer.discard(key, options);
  }

  discarded(before?: DiscardedId): AsyncIterable<Discarded> {
    return this.#writer.discarded(before);
  }

  findDiscarded(id: string): Promise<Discarded> {
    return this.#writer.findDiscarded(id);
  }

  restore(id: DiscardedId, to: ObjectKey, options?: CopyOptions): Promise<Placed> {
    return this.#writer.restore(id, to, options);
  }

  purge(id: DiscardedId): Promise<void> {
    return this.#writer.purge(id);
  }

  recover(): Promise<number> {
    return this.#writer.recover();
  }

  stateFolder(name: string): Promise<string> {
    return this.#writer.stateFolder(name);
  }

  existingStateFolder(name: string): Promise<string | undefined> {
    return this.#writer.existingStateFolder(name);
  }

  watch(
    key: ObjectKey,
    { recursive }: { readonly recursive: boolean },
    listener: WatchListener,
  ): Promise<StorageWatch> {
    return DiskWatch.start(
      key,
      recursive,
      {
        hidden: this.#served.options.hidden,
        openFolder: (folder) => this.#open(folder, 'folder'),
        look: (name) => this.#look(name),
      },
      this.#served.options.watchTimes ?? WATCH_TIMES,
      listener,
    );
  }

  /** Undefined for what may not be seen. @throws StorageError with reason `unavailable`: who knows what is there */
  async #look(key: ObjectKey): Promise<Seen | undefined> {
    try {
      const { file, stats } = await this.#locate(key);
      return { kind: stats.isDirectory() ? 'folder' : 'file', stats, actual: file };
    } catch (error) {
      const translated = toStorageError(error);
      if (translated instanceof StorageError && translated.reason !== 'unavailable') return undefined;
      throw translated;
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
    this.#served.refuse(key);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const opened = await openVerified(this.#served.pathOf(key)).catch((error: unknown) =>
        this.#served.explain(error),
      );
      if (!opened) continue;
      const isFolder = opened.stats.isDirectory();
      try {
        await this.#served.admit(opened.actual);
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

  /** A link is listed as what it leads to, under its own name. */
  async #listLink(folder: ObjectKey, name: string): Promise<ListedObject | undefined> {
    const located = await this.#locate(path.posix.join(folder, name) as ObjectKey).catch(() => undefined);
    if (!located) return undefined;
    const { file, stats } = located;
    const isFolder = stats.isDirectory();
    return {
      name,
      kind: isFolder ? 'folder' : 'file',
      size: isFolder ? 0 : Number(stats.size),
      lastModified: toMilliseconds(stats.mtimeNs),
      target: this.#served.keyOf(file),
    };
  }

  /** The real path of a key and what is there: an ordinary file or folder inside the root, or it is missing. */
  async #locate(key: ObjectKey): Promise<{ file: string; stats: BigIntStats }> {
    this.#served.refuse(key);
    const file = await realpath(this.#served.pathOf(key)).catch((error: unknown) =>
      this.#served.explain(error),
    );
    await this.#served.admit(file);
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
