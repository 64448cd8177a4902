import { mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { StorageError } from '../../storage-error.js';
import { PinnedFolder } from './pinned-folder.js';
import { STATE_FOLDER } from './reserved-names.js';
import type { ServedFolder } from './served-folder.js';

/** Nobody else's: uploads that are not complete, later keys. */
const MODE = 0o700;

/**
 * The folder for the server's own state, made with what is in it when it is first needed. It may be on another file
 * system than what is served.
 */
export class StateFolder {
  constructor(private readonly served: ServedFolder) {}

  /** Opens a folder in it, making what is missing. @throws StorageError; what `node:fs` throws */
  async open(name: string): Promise<PinnedFolder> {
    const base = await this.#openBase(true);
    try {
      return await this.#below(base, name, true);
    } finally {
      await base.close();
    }
  }

  /** Opens a folder in it; undefined when there is none. */
  async openExisting(name: string): Promise<PinnedFolder | undefined> {
    let base: PinnedFolder | undefined;
    try {
      base = await this.#openBase(false);
      return await this.#below(base, name, false);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    } finally {
      await base?.close();
    }
  }

  async #openBase(create: boolean): Promise<PinnedFolder> {
    const { stateDir } = this.served.options;
    const root = await this.served.findRoot();
    const folder = stateDir ?? path.join(root, STATE_FOLDER);
    if (create) await makeMissing(folder, stateDir !== undefined);
    // The one in the root must not be a link: whoever may write there could have it lead anywhere.
    const actual = stateDir === undefined ? folder : await realpath(folder);
    if (actual === root) throw refused('the state folder cannot be the folder that is served');
    return PinnedFolder.open(folder, (found) => {
      if (found !== actual) throw refused('the state folder must be a folder, not a link to one');
    });
  }

  async #below(base: PinnedFolder, name: string, create: boolean): Promise<PinnedFolder> {
    if (create && !(await base.look(name))) {
      await makeMissing(base.at(name), false);
      await base.sync();
    }
    const expected = path.join(base.actual, name);
    return PinnedFolder.open(base.at(name), (found) => {
      if (found !== expected) throw refused('a folder of the state folder was swapped');
    });
  }
}

async function makeMissing(folder: string, recursive: boolean): Promise<void> {
  await mkdir(folder, { mode: MODE, recursive }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

function refused(why: string): StorageError {
  return new StorageError('unavailable', new Error(why));
}
