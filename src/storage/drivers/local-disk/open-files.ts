import { stat, statSync } from 'node:fs';
import { BoundedCache } from '../../../core/cache/index.js';
import { LocalFileSystems } from './local-file-systems.js';
import { OpenFile } from './open-file.js';
import type { Opened } from './open-verified.js';
import { ReadLately } from './read-lately.js';

/** How long a file stays open after its last use, in milliseconds, and how much longer so that some close together. */
const REST = 250;
const TOGETHER = 50;
/** How many files stay open that nobody uses. */
const MOST_IDLE = 256;
/** Bytes for what is remembered of reading files, and those that remembering one takes at least. */
const MARKS = 4 * 2 ** 20;
const BARE_MARKS = 256;

/** An open file and what ends the use of it. */
export interface Borrowed {
  readonly file: OpenFile;
  readonly release: () => void;
}

/**
 * Keeps files open for a moment after their last use: whoever plays a film asks again at once, and opening and closing
 * cost more than a short answer does. What is kept is held against its name for every request, so that a request that
 * starts after a change has finished sees the change.
 */
export class OpenFiles {
  /** By path. */
  readonly #kept = new Map<string, OpenFile>();
  /** Since when nobody uses them, in milliseconds; the longest first. */
  readonly #idle = new Map<string, number>();
  readonly #looks = new Map<OpenFile, Promise<boolean>>();
  readonly #local = new LocalFileSystems();
  /** Of versions that were open, by entity tag. */
  readonly #lately = new BoundedCache<ReadLately>(MARKS);
  #sweeper: NodeJS.Timeout | undefined;

  /** The file at this path, when it is open and still what stands there. */
  async borrow(path: string): Promise<Borrowed | undefined> {
    const file = this.#kept.get(path);
    if (!file) return undefined;
    const release = this.#use(path, file); // it must not close meanwhile
    if (await this.#isCurrent(path, file)) return { file, release };
    if (this.#kept.get(path) === file) void this.#drop(path);
    release();
    return undefined;
  }

  /** Takes an opened file over. */
  add(path: string, opened: Opened): Borrowed {
    const { dev } = opened.stats;
    const file = new OpenFile(
      opened,
      () => this.#rest(path),
      ({ etag }, size) => ({
        isLocal: () => this.#local.has(dev),
        lately: this.#readLately(etag.opaque, size),
      }),
    );
    if (file.canBeKept && !this.#kept.has(path)) {
      file.keep();
      this.#kept.set(path, file);
      this.#local.learn(file.device, path);
    }
    return { file, release: this.#use(path, file) };
  }

  /** Closes all that nobody uses: the system has no descriptor left. False when there was none to close. */
  async closeIdle(): Promise<boolean> {
    const paths = [...this.#idle.keys()];
    await Promise.all(paths.map((path) => this.#drop(path)));
    return paths.length > 0;
  }

  #readLately(version: string, size: number): ReadLately {
    const lately = this.#lately.get(version) ?? new ReadLately(size);
    this.#lately.set(version, lately, BARE_MARKS + lately.weight);
    return lately;
  }

  #use(path: string, file: OpenFile): () => void {
    if (this.#kept.get(path) === file) this.#idle.delete(path);
    return file.use();
  }

  /**
   * Whether the file is still what stands under the name. Requests that arrive in one turn of the event loop share one
   * look: it begins when all of them have been read.
   */
  #isCurrent(path: string, file: OpenFile): Promise<boolean> {
    const shared = this.#looks.get(file);
    if (shared) return shared;
    const look = new Promise<boolean>((resolve) => {
      setImmediate(() => {
        this.#looks.delete(file);
        if (this.#local.has(file.device)) resolve(isCurrentNow(path, file));
        else stat(path, { bigint: true }, (error, seen) => resolve(!error && file.isCurrent(seen)));
      });
    });
    this.#looks.set(file, look);
    return look;
  }

  #rest(path: string): void {
    this.#idle.set(path, performance.now());
    if (this.#idle.size > MOST_IDLE) void this.#drop(this.#idle.keys().next().value!);
    if (!this.#sweeper) this.#sweepIn(REST);
  }

  #sweepIn(delay: number): void {
    this.#sweeper = setTimeout(() => this.#sweep(), delay + TOGETHER).unref();
  }

  #sweep(): void {
    const now = performance.now();
    this.#sweeper = undefined;
    for (const [path, since] of this.#idle) {
      const left = since + REST - now;
      if (left > 0) return this.#sweepIn(left);
      void this.#drop(path);
    }
  }

  async #drop(path: string): Promise<void> {
    const file = this.#kept.get(path);
    this.#kept.delete(path);
    this.#idle.delete(path);
    await file?.drop();
  }
}

/** A name that cannot be looked at is not current: opening it will tell why. */
function isCurrentNow(path: string, file: OpenFile): boolean {
  try {
    return file.isCurrent(statSync(path, { bigint: true }));
  } catch {
    return false;
  }
}
