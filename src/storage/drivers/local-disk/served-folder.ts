import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { isHidden, type ObjectKey } from '../../../core/path/index.js';
import { StorageError } from '../../storage-error.js';
import { isReserved } from './reserved-names.js';
import type { WatchTimes } from './watch-times.js';

export interface LocalDiskOptions {
  /** The folder that is served: absolute. Symbolic links in it are followed as long as they stay inside. */
  readonly root: string;
  /** Whether names that start with a dot are served. */
  readonly hidden: boolean;
  /** Where writes in progress are kept: absolute. By default the folder `.playhead` in the root. */
  readonly stateDir?: string;
  /** The pace of watches. */
  readonly watchTimes?: WatchTimes;
}

/** The root, and what in it may be seen: by the names in a key, and by the real path of what these led to. */
export class ServedFolder {
  #realRoot: string | undefined;
  #realState: string | undefined;

  constructor(readonly options: LocalDiskOptions) {}

  /** Where a key leads, links not resolved. */
  pathOf(key: ObjectKey): string {
    return path.join(this.options.root, key);
  }

  /** The key of a real path that was admitted. */
  keyOf(actual: string): ObjectKey {
    return path.relative(this.#realRoot!, actual).replaceAll(path.sep, '/') as ObjectKey;
  }

  /** @throws {StorageError} `missing` for a key that names nothing, whatever is stored */
  refuse(key: ObjectKey): void {
    if (!this.options.hidden && isHidden(key)) throw new StorageError('missing');
    if (isReserved(key)) throw new StorageError('missing');
    // Where the platform separates paths by more than a slash, such a character could step sideways.
    if (path.sep !== '/' && /[\\:]/.test(key)) throw new StorageError('missing');
  }

  /** Whether a real path may be seen: inside the root, and not hidden under another name. @throws StorageError */
  async admit(actual: string): Promise<void> {
    // The root's own path is remembered, and asked for again before anything is refused: the root may be a link that
    // has been turned to another folder.
    if (this.#realRoot === undefined || !isInside(this.#realRoot, actual)) await this.findRoot();
    const root = this.#realRoot!;
    if (!isInside(root, actual)) throw new StorageError('missing');
    const below = actual.slice(root.length);
    if (!this.options.hidden && isHidden(below)) throw new StorageError('missing');
    if (isReserved(below) || (await this.#isState(actual))) throw new StorageError('missing');
  }

  /** Whether an entry of a folder may be listed, by its name alone. */
  isListed(folder: string, name: string): boolean {
    if (!this.options.hidden && name.startsWith('.')) return false;
    return !isReserved(name) && path.join(folder, name) !== this.#realState;
  }

  /** Whether the state folder is this folder or somewhere in it. */
  async holdsState(actual: string): Promise<boolean> {
    const state = this.options.stateDir ?? path.join(await this.findRoot(), '.playhead');
    const real = await realpath(state).catch(() => undefined);
    return real !== undefined && isInside(actual, real);
  }

  /** The real path of the root. @throws {StorageError} `unavailable` when it is gone */
  async findRoot(): Promise<string> {
    try {
      this.#realRoot = await realpath(this.options.root);
      return this.#realRoot;
    } catch (error) {
      throw new StorageError('unavailable', error); // unmounted, say: nothing is missing
    }
  }

  /** What cannot be found below a root that is gone is not missing. */
  async explain(error: unknown): Promise<never> {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') await this.findRoot();
    throw error;
  }

  /** Names do not tell where a state folder of one's own choice is. */
  async #isState(actual: string): Promise<boolean> {
    if (this.options.stateDir === undefined) return false;
    this.#realState ??= await realpath(this.options.stateDir).catch(() => undefined);
    const [root, state] = [this.#realRoot!, this.#realState];
    return state !== undefined && state !== root && isInside(root, state) && isInside(state, actual);
  }
}

/** Compared with the separator: /srv/media-secret is not inside /srv/media. */
export function isInside(folder: string, file: string): boolean {
  return file === folder || file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}
