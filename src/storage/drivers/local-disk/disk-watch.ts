import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ObjectKey } from '../../../core/path/index.js';
import type { EntryChange, StorageWatch, WatchListener } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { toStorageError } from './disk-error.js';
import type { Opened } from './open-verified.js';
import { RecentVersions } from './recent-versions.js';
import { identify, WatchedFolder, type Kind, type Seen } from './watched-folder.js';

/** From the first sign of a change to the look at it, in milliseconds: making a file is one change, not three. */
const SETTLE = 100;
/** How often the place itself is looked at, in milliseconds: nothing tells that a folder above it was moved. */
const CHECK = 5000;
/** Looked at together. */
const BATCH = 64;
/** About 60 MiB of names, and more folders than most systems watch. */
const MOST_NAMES = 1_000_000;

/** What the watch asks of the driver. Both judge as reading does: nothing hidden, nothing outside the root. */
export interface Surroundings {
  readonly hidden: boolean;
  /** The caller closes the descriptor. @throws StorageError */
  openFolder(key: ObjectKey): Promise<Opened>;
  /** Undefined for what may not be seen. @throws StorageError with reason `unavailable` */
  look(key: ObjectKey): Promise<Seen | undefined>;
}

interface Sign {
  readonly folder: WatchedFolder;
  readonly name: string;
  /** When to look, by the clock of the process. */
  due: number;
}

/**
 * Watches a folder of the disk, one watch of the system for each folder in it. The system only points at names; what has
 * happened is found by looking, against the names known from before.
 */
export class DiskWatch implements StorageWatch {
  readonly #signs = new Map<string, Sign>();
  readonly #versions = new RecentVersions();
  #top: WatchedFolder | undefined;
  #nameCount = 0;
  #isOver = false;
  #isLooking = false;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer goes off, by the clock of the process. */
  #nextLook = Infinity;
  #checks: NodeJS.Timeout | undefined;

  private constructor(
    private readonly key: ObjectKey,
    private readonly recursive: boolean,
    private readonly surroundings: Surroundings,
    private readonly listener: WatchListener,
  ) {}

  /** @throws StorageError */
  static async start(
    key: ObjectKey,
    recursive: boolean,
    surroundings: Surroundings,
    listener: WatchListener,
  ): Promise<DiskWatch> {
    const watch = new DiskWatch(key, recursive, surroundings, listener);
    try {
      watch.#top = await watch.#enter(key);
      watch.#checks = setInterval(() => void watch.#check(), CHECK).unref();
      return watch;
    } catch (error) {
      watch.close();
      throw translate(error);
    }
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    clearInterval(this.#checks);
    this.#signs.clear();
    this.#top?.close();
  }

  /** Watches a folder and, if asked to, all in it. @param parent undefined for the top, which may be a link. */
  async #enter(key: ObjectKey, parent?: WatchedFolder): Promise<WatchedFolder> {
    const opened = await this.surroundings.openFolder(key);
    const expected = parent && path.join(parent.actual, path.basename(key));
    try {
      if (expected !== undefined && opened.actual !== expected) throw new StorageError('missing');
      const { folder, entries } = await WatchedFolder.open(
        key,
        opened,
        parent,
        (...sign) => this.#onSign(...sign),
        () => void this.#check(),
      );
      parent?.below.set(path.basename(key), folder);
      this.#top ??= folder; // to be closed, should the rest fail
      for (const entry of entries) {
        if (!this.surroundings.hidden && entry.name.startsWith('.')) continue;
        if (entry.isFile()) folder.names.set(entry.name, 'file');
        else if (entry.isDirectory()) folder.names.set(entry.name, 'folder');
        else if (entry.isSymbolicLink()) {
          const seen = await this.surroundings.look(folder.keyOf(entry.name));
          if (seen) folder.names.set(entry.name, seen.kind);
        }
      }
      this.#nameCount += folder.names.size;
      if (this.#nameCount > MOST_NAMES) throw new StorageError('unavailable');
      if (this.recursive)
        for (const entry of entries)
          if (entry.isDirectory() && folder.names.has(entry.name)) await this.#enterBelow(folder, entry.name);
      return folder;
    } finally {
      await opened.descriptor.close();
    }
  }

  /** What has vanished by now, and what may not be read, is not watched; no more is it listed. */
  async #enterBelow(parent: WatchedFolder, name: string): Promise<void> {
    if (this.#isOver) throw new StorageError('unavailable');
    await this.#enter(parent.keyOf(name), parent).catch((error: unknown) => {
      const { reason } = translate(error);
      if (reason === 'unavailable') throw error;
    });
  }

  #onSign(folder: WatchedFolder, name: string, isSwap: boolean): void {
    if (this.#isOver || folder.isClosed) return;
    if (isFlood()) return this.#end(new StorageError('unavailable'));
    // The system names the folder itself when that is moved or deleted.
    if (isSwap && folder === this.#top) void this.#check();
    if (!this.surroundings.hidden && name.startsWith('.')) return;
    const key = folder.keyOf(name);
    const due = performance.now() + SETTLE;
    const sign = this.#signs.get(key);
    if (sign?.folder !== folder) this.#signs.set(key, { folder, name, due });
    else if (isSwap) sign.due = Math.min(sign.due, due);
    this.#lookAt(due);
  }

  #lookAt(due: number): void {
    if (this.#isLooking || this.#isOver || due >= this.#nextLook) return;
    clearTimeout(this.#timer);
    this.#nextLook = due;
    this.#timer = setTimeout(() => void this.#look(), Math.max(0, due - performance.now())).unref();
  }

  /** Looks at what is due. Folders come before what is in them: what has gone with its folder is not told of. */
  async #look(): Promise<void> {
    this.#isLooking = true;
    const now = performance.now();
    const due = [...this.#signs].filter(([, sign]) => sign.due <= now);
    for (const [key] of due) this.#signs.delete(key);
    due.sort(([a], [b]) => depth(a) - depth(b));
    try {
      for (let start = 0; start < due.length && !this.#isOver; start += BATCH) {
        const batch = due.slice(start, start + BATCH);
        const seen = await Promise.all(batch.map(([key]) => this.surroundings.look(key as ObjectKey)));
        for (const [index, [, sign]] of batch.entries()) await this.#compare(sign, seen[index]);
      }
    } catch (error) {
      this.#end(translate(error));
    }
    this.#isLooking = false;
    this.#nextLook = Infinity;
    let next = Infinity;
    for (const sign of this.#signs.values()) next = Math.min(next, sign.due);
    this.#lookAt(next);
  }

  async #compare({ folder, name }: Sign, seen: Seen | undefined): Promise<void> {
    if (folder.isClosed || this.#isOver) return;
    if (!seen && folder.names.has(name) && (await this.#isFolderGone(folder))) return;
    const key = folder.keyOf(name);
    const known = folder.names.get(name);
    const below = folder.below.get(name);
    const isSame =
      seen?.kind === known && (!below || (seen !== undefined && below.identity === identify(seen.stats)));
    if (isSame) {
      if (seen?.kind === 'file') this.#onFile('changed', folder, name, seen);
      return;
    }
    if (known) {
      below?.close();
      folder.below.delete(name);
      folder.names.delete(name);
      this.#versions.forget(key);
      this.#tell('removed', key, known);
    }
    if (!seen) return;
    folder.names.set(name, seen.kind);
    if (seen.kind === 'file') return this.#onFile('created', folder, name, seen);
    if (this.recursive) await this.#enterBelow(folder, name);
    this.#tell('created', key, 'folder', seen);
  }

  /** Something in a folder is gone: maybe with it, before a sign of that came. Then that is what is told. */
  async #isFolderGone(folder: WatchedFolder): Promise<boolean> {
    const { parent } = folder;
    if (!parent) return false;
    const seen = await this.surroundings.look(folder.key);
    if (seen && identify(seen.stats) === folder.identity) return false;
    await this.#compare({ folder: parent, name: path.basename(folder.key), due: 0 }, seen);
    return true;
  }

  #onFile(change: 'created' | 'changed', folder: WatchedFolder, name: string, seen: Seen): void {
    const key = folder.keyOf(name);
    const wait = change === 'changed' ? this.#versions.waitFor(key, seen.stats) : 0;
    if (wait === undefined) return;
    if (wait > 0) {
      this.#signs.set(key, { folder, name, due: performance.now() + wait });
      return;
    }
    this.#versions.told(key, seen.stats);
    this.#tell(change, key, 'file', seen);
  }

  #tell(change: EntryChange['change'], key: ObjectKey, kind: Kind, seen?: Seen): void {
    if (this.#isOver) return;
    const size = kind === 'file' && seen ? Number(seen.stats.size) : 0;
    const lastModified = seen ? Number(seen.stats.mtimeNs / 1_000_000n) : 0;
    this.listener.onChange({ change, key, kind, size, lastModified });
  }

  /** Whether the folder still is where it was. */
  async #check(): Promise<void> {
    this.#versions.tidy();
    try {
      const seen = await this.surroundings.look(this.key);
      if (!this.#top) return;
      const { identity, actual } = this.#top;
      const isThere = seen?.kind === 'folder' && identify(seen.stats) === identity && seen.actual === actual;
      if (!isThere) this.#end(new StorageError('missing'));
    } catch (error) {
      this.#end(translate(error));
    }
  }

  #end(reason: StorageError): void {
    if (this.#isOver) return;
    this.close();
    this.listener.onEnd(reason);
  }
}

function depth(key: string): number {
  return key.split('/').length;
}

function translate(error: unknown): StorageError {
  const { code } = error as NodeJS.ErrnoException;
  // inotify(7): the user watches as much as the system allows.
  if (code === 'ENOSPC') return new StorageError('unavailable', error);
  const translated = toStorageError(error);
  return translated instanceof StorageError ? translated : new StorageError('unavailable', error);
}

let signsInTurn = 0;
let queueLength: number | undefined;

/**
 * Whether so many signs came in one turn of the event loop that the system may have dropped some: it keeps a limited
 * number for the whole process, and says nothing of those it drops that would reach us.
 */
function isFlood(): boolean {
  queueLength ??= readQueueLength();
  if (signsInTurn === 0) setImmediate(() => (signsInTurn = 0));
  return ++signsInTurn > queueLength * 0.9;
}

function readQueueLength(): number {
  try {
    return Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
  } catch {
    return Infinity;
  }
}
