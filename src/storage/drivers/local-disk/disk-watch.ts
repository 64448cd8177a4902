import type { ObjectKey } from '../../../core/path/index.js';
import type { StorageWatch, WatchListener } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { ChangeFinder } from './change-finder.js';
import { toWatchError } from './disk-error.js';
import { FolderTree, type Surroundings } from './folder-tree.js';
import { isFlood } from './inotify-queue.js';
import { SignQueue, type Sign } from './sign-queue.js';
import type { WatchTimes } from './watch-times.js';
import { identify, type WatchedFolder } from './watched-folder.js';

/**
 * Watches a folder of the disk, one watch of the system for each folder in it. The system only points at names; what has
 * happened is found by looking, against the names known from before.
 */
export class DiskWatch implements StorageWatch {
  readonly #tree: FolderTree;
  readonly #signs = new SignQueue((due) => this.#look(due));
  readonly #finder: ChangeFinder;
  #isOver = false;
  #reason: StorageError | undefined;
  /** Undefined until the watch has started. */
  #checks: NodeJS.Timeout | undefined;

  private constructor(
    private readonly key: ObjectKey,
    recursive: boolean,
    private readonly surroundings: Surroundings,
    private readonly times: WatchTimes,
    private readonly listener: WatchListener,
  ) {
    this.#tree = new FolderTree(recursive, surroundings, {
      onSign: (...sign) => this.#onSign(...sign),
      onFolderError: () => void this.#check(),
    });
    this.#finder = new ChangeFinder(this.#tree, surroundings, this.#signs, times.calm, (change) =>
      listener.onChange(change),
    );
  }

  /** @throws StorageError */
  static async start(
    key: ObjectKey,
    recursive: boolean,
    surroundings: Surroundings,
    times: WatchTimes,
    listener: WatchListener,
  ): Promise<DiskWatch> {
    const watch = new DiskWatch(key, recursive, surroundings, times, listener);
    try {
      await watch.#tree.enter(key);
      if (watch.#reason) throw watch.#reason;
      watch.#checks = setInterval(() => void watch.#check(), times.check).unref();
      return watch;
    } catch (error) {
      watch.close();
      throw toWatchError(error);
    }
  }

  close(): void {
    this.#isOver = true;
    clearInterval(this.#checks);
    this.#signs.close();
    this.#tree.close();
  }

  #onSign(folder: WatchedFolder, name: string, isSwap: boolean): void {
    if (this.#isOver || folder.isClosed) return;
    if (isFlood()) return this.#end(new StorageError('unavailable'));
    // The system names the folder itself when that is moved or deleted.
    if (isSwap && folder === this.#tree.top) void this.#check();
    if (!this.surroundings.hidden && name.startsWith('.')) return;
    this.#signs.add({ folder, name }, this.times.settle, isSwap);
  }

  async #look(due: readonly Sign[]): Promise<void> {
    try {
      await this.#finder.find(due);
    } catch (error) {
      this.#end(toWatchError(error));
    }
  }

  /** Whether the folder still is where it was. */
  async #check(): Promise<void> {
    this.#finder.tidy();
    try {
      const seen = await this.surroundings.look(this.key);
      const { top } = this.#tree;
      if (!top) return;
      const isThere =
        seen?.kind === 'folder' && identify(seen.stats) === top.identity && seen.actual === top.actual;
      if (!isThere) this.#end(new StorageError('missing'));
    } catch (error) {
      this.#end(toWatchError(error));
    }
  }

  #end(reason: StorageError): void {
    if (this.#isOver) return;
    this.close();
    this.#reason = reason;
    if (this.#checks) this.listener.onEnd(reason); // else `start` throws it
  }
}
