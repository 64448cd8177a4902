import { constants } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import type { Journal } from './journal.js';
import type { PinnedFolder } from './pinned-folder.js';
import { removeTree } from './remove-tree.js';
import type { StateFolder } from './state-folder.js';
import { temporaryName } from './temporary-name.js';

/** The folder of the state folder for what is being written. */
export const TEMPORARIES = 'tmp';

/**
 * A name under which something comes into being that gets another name when it is complete, or goes out of being.
 * Whoever reserves one ends it by {@link end}.
 */
export class Temporary {
  #handle: FileHandle | undefined;

  private constructor(
    private readonly folder: PinnedFolder,
    private readonly name = temporaryName('write'),
    private readonly strike?: () => Promise<void>,
  ) {}

  /**
   * In the state folder when that is on the device of the folder that is to hold the finished thing, else in that
   * folder, and then it is in the journal first.
   */
  static async reserve(state: StateFolder, journal: Journal, near: PinnedFolder): Promise<Temporary> {
    const folder = await state.open(TEMPORARIES);
    if (folder.stats.dev === near.stats.dev) return new Temporary(folder);
    await folder.close();
    return Temporary.beside(journal, near);
  }

  /** In this very folder. */
  static async beside(journal: Journal, near: PinnedFolder): Promise<Temporary> {
    const folder = await near.open('.');
    try {
      const name = temporaryName('write');
      const strike = await journal.note({ kind: 'temporary', at: { folder: folder.actual, name } });
      return new Temporary(folder, name, strike);
    } catch (error) {
      await folder.close();
      throw error;
    }
  }

  get path(): string {
    return this.folder.at(this.name);
  }

  /** The open file. */
  get handle(): FileHandle {
    return this.#handle!;
  }

  /** Makes it a file that nobody else may read. */
  async makeFile(): Promise<FileHandle> {
    const { O_CREAT, O_EXCL, O_RDWR } = constants;
    this.#handle = await open(this.path, O_CREAT | O_EXCL | O_RDWR, 0o600);
    return this.#handle;
  }

  /** Opens the file that somebody else has made under the name. */
  async openFile(): Promise<FileHandle> {
    this.#handle = await open(this.path, constants.O_RDONLY | constants.O_NOFOLLOW);
    return this.#handle;
  }

  /** Makes it a folder that nobody else may enter. */
  makeFolder(): Promise<void> {
    return mkdir(this.path, 0o700);
  }

  /** Removes what still stands under the name, with everything in it; never rejects. */
  async end(): Promise<void> {
    await this.#handle?.close().catch(() => undefined);
    const isGone = await removeTree(this.path).then(
      () => true,
      () => false,
    );
    await this.folder.close();
    if (isGone) await this.strike?.();
  }
}
