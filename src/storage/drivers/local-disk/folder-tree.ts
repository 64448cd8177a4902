import path from 'node:path';
import type { ObjectKey } from '../../../core/path/index.js';
import { StorageError } from '../../storage-error.js';
import { toWatchError } from './disk-error.js';
import type { Opened } from './open-verified.js';
import { WatchedFolder, type Seen } from './watched-folder.js';

/** About 60 MiB of names, and more folders than most systems watch. */
const MOST_NAMES = 1_000_000;

/** What a watch asks of the driver. Both judge as reading does: nothing hidden, nothing outside the root. */
export interface Surroundings {
  readonly hidden: boolean;
  /** The caller closes the descriptor. @throws StorageError */
  openFolder(key: ObjectKey): Promise<Opened>;
  /** Undefined for what may not be seen. @throws StorageError with reason `unavailable` */
  look(key: ObjectKey): Promise<Seen | undefined>;
}

export interface TreeListener {
  /** Something has happened to this name; `isSwap`: it may be another thing now, or none. */
  onSign(folder: WatchedFolder, name: string, isSwap: boolean): void;
  /** The system watches a folder no longer. */
  onFolderError(): void;
}

/** The folders of a watch, one watch of the system for each, and the names known in them. */
export class FolderTree {
  #top: WatchedFolder | undefined;
  #nameCount = 0;
  #isClosed = false;

  constructor(
    readonly recursive: boolean,
    private readonly surroundings: Surroundings,
    private readonly listener: TreeListener,
  ) {}

  /** Undefined until it is watched. */
  get top(): WatchedFolder | undefined {
    return this.#top;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  close(): void {
    this.#isClosed = true;
    this.#top?.close();
  }

  /**
   * Watches a folder and, if asked to, all in it.
   * @param parent undefined for the top, which may be a link
   * @throws StorageError, or what `node:fs` throws
   */
  async enter(key: ObjectKey, parent?: WatchedFolder): Promise<void> {
    const opened = await this.surroundings.openFolder(key);
    const expected = parent && path.join(parent.actual, path.basename(key));
    try {
      if (expected !== undefined && opened.actual !== expected) throw new StorageError('missing');
      const { folder, entries } = await WatchedFolder.open(
        key,
        opened,
        parent,
        (...sign) => this.listener.onSign(...sign),
        () => this.listener.onFolderError(),
      );
      parent?.below.set(path.basename(key), folder);
      this.#top ??= folder; // to be closed, should the rest fail
      if (this.#isClosed) return folder.close(); // while its names were read
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
          if (entry.isDirectory() && folder.names.has(entry.name)) await this.enterBelow(folder, entry.name);
    } finally {
      await opened.descriptor.close();
    }
  }

  /**
   * What has vanished by now, and what may not be read, is not watched; no more is it listed.
   * @throws StorageError with reason `unavailable`, or what `node:fs` throws
   */
  async enterBelow(parent: WatchedFolder, name: string): Promise<void> {
    if (this.#isClosed) throw new StorageError('unavailable');
    await this.enter(parent.keyOf(name), parent).catch((error: unknown) => {
      if (toWatchError(error).reason === 'unavailable') throw error;
    });
  }
}
