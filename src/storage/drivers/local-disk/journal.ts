import { open, unlink } from 'node:fs/promises';
import type { StateFolder } from './state-folder.js';
import { temporaryName } from './temporary-name.js';

/** The folder of the state folder that holds the entries. */
export const JOURNAL = 'journal';

/** A name in a folder, by the folder's real path. */
export interface Place {
  readonly folder: string;
  readonly name: string;
}

/** What a crash could leave outside the state folder, where nobody would look for it. */
export type JournalEntry =
  /** A temporary file or folder. */
  | { readonly kind: 'temporary'; readonly at: Place }
  /** An empty file that keeps a name free until the real one takes it; made no earlier than `since`, in milliseconds. */
  | { readonly kind: 'claim'; readonly at: Place; readonly since: number }
  /** A second name for a file that is to lose the first. */
  | { readonly kind: 'move'; readonly from: Place; readonly to: Place }
  /** A record of the trash whose content has not come yet, or has gone. */
  | { readonly kind: 'trash'; readonly id: string };

/**
 * What is about to be done, one file an entry, so that any number of processes may keep entries in one state folder. An
 * entry is on disk before the deed.
 */
export class Journal {
  constructor(private readonly state: StateFolder) {}

  /** Resolves, when the entry is durable, to what strikes it out; that never rejects. */
  async note(entry: JournalEntry): Promise<() => Promise<void>> {
    const name = temporaryName('write');
    const folder = await this.state.open(JOURNAL);
    try {
      const file = await open(folder.at(name), 'wx', 0o600);
      try {
        await file.writeFile(JSON.stringify(entry));
        await file.sync();
      } finally {
        await file.close();
      }
      await folder.sync();
    } catch (error) {
      await unlink(folder.at(name)).catch(() => undefined);
      throw error;
    } finally {
      await folder.close();
    }
    return () => this.#strike(name).catch(() => undefined);
  }

  async #strike(name: string): Promise<void> {
    const folder = await this.state.openExisting(JOURNAL);
    try {
      if (folder) await unlink(folder.at(name));
    } finally {
      await folder?.close();
    }
  }
}
