import { watch, type BigIntStats, type Dirent, type FSWatcher } from 'node:fs';
import { opendir } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectKey } from '../../../core/path/index.js';
import type { Opened } from './open-verified.js';

export type Kind = 'file' | 'folder';

/** What is at a path, by `stat`. */
export interface Seen {
  readonly kind: Kind;
  readonly stats: BigIntStats;
  /** All links resolved. */
  readonly actual: string;
}

/** A folder that the system watches, and the names that were in it when last looked at. */
export class WatchedFolder {
  readonly names = new Map<string, Kind>();
  readonly below = new Map<string, WatchedFolder>();
  isClosed = false;

  private constructor(
    readonly key: ObjectKey,
    readonly actual: string,
    private readonly watcher: FSWatcher,
    /** Device and inode: another folder may take its name. */
    readonly identity: string,
    readonly parent: WatchedFolder | undefined,
  ) {}

  /**
   * Watches the very folder that was opened, whatever its name leads to by now, and then reads its names: what changes
   * from then on is told. The caller closes the descriptor.
   * @param onName something has happened to this name; `isSwap`: it may be another thing now, or none
   * @throws what `node:fs` throws; ENOSPC or EMFILE when the system watches as much as it may already
   */
  static async open(
    key: ObjectKey,
    { descriptor, actual, stats }: Opened,
    parent: WatchedFolder | undefined,
    onName: (folder: WatchedFolder, name: string, isSwap: boolean) => void,
    onError: () => void,
  ): Promise<{ readonly folder: WatchedFolder; readonly entries: Dirent[] }> {
    const place = process.platform === 'linux' ? `/proc/self/fd/${descriptor.fd}` : actual;
    const watcher = watch(place, { persistent: false });
    const folder = new WatchedFolder(key, actual, watcher, identify(stats), parent);
    watcher.on('change', (event, name) => onName(folder, String(name), event === 'rename'));
    watcher.on('error', onError);
    try {
      const entries: Dirent[] = [];
      for await (const entry of await opendir(place, { bufferSize: 256 })) entries.push(entry);
      return { folder, entries };
    } catch (error) {
      folder.close();
      throw error;
    }
  }

  /** The key of a name in it. */
  keyOf(name: string): ObjectKey {
    return path.posix.join(this.key, name) as ObjectKey;
  }

  /** Ends the watch of it and of all below. */
  close(): void {
    this.isClosed = true;
    this.watcher.close();
    for (const folder of this.below.values()) folder.close();
  }
}

export function identify({ dev, ino }: BigIntStats): string {
  return `${dev}-${ino}`;
}
