import { setImmediate } from 'node:timers/promises';
import { compareEntries } from '../browse/entry-order.js';
import { entryKind } from '../browse/entry-kind.js';
import { firstOf } from '../browse/first-of.js';
import { childKey } from '../browse/visible.js';
import type { AccessRules } from '../core/access/index.js';
import { mediaTypeOf } from '../core/http/index.js';
import type { ObjectKey } from '../core/path/index.js';
import type { ListedObject, StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';

/** Files in a playlist. */
export const MOST_ITEMS = 10_000;
/** Folders that are looked into. */
const MOST_FOLDERS = 5000;
/** How many folders below the first one a folder may be. */
const DEEPEST = 50;

export interface FoundMedia {
  readonly keys: readonly ObjectKey[];
  /** Whether there is more than one playlist may have. */
  readonly isCut: boolean;
}

interface Reader {
  readonly rules: AccessRules;
  /** BCP 47, whose alphabet sorts the names. */
  readonly locale: string;
  readonly signal: AbortSignal;
}

/**
 * Films and sound in a folder, in the order of its listing: what is in folders comes first. Left out are hidden names,
 * what the reader may not read, playlists, and folders that are links: they could go in a circle.
 */
export class MediaWalk {
  readonly #keys: ObjectKey[] = [];
  #folders = 0;
  #isCut = false;

  constructor(
    private readonly storage: StorageDriver,
    private readonly reader: Reader,
  ) {}

  /** @throws StorageError when the folder cannot be listed; the reason of the signal */
  async find(folder: ObjectKey, recursive: boolean): Promise<FoundMedia> {
    await this.#visit(folder, recursive ? DEEPEST : 0);
    return { keys: this.#keys, isCut: this.#isCut };
  }

  async #visit(folder: ObjectKey, depth: number): Promise<void> {
    if (this.#folders++ >= MOST_FOLDERS || this.#keys.length >= MOST_ITEMS) {
      this.#isCut = true;
      return;
    }
    const { folders, files } = await this.#list(folder, depth > 0);
    for (const { name } of folders) {
      await this.#visit(childKey(folder, name), depth - 1).catch((error: unknown) => {
        if (!(error instanceof StorageError)) throw error;
        // Gone meanwhile, or not for the server to read: the rest still plays.
      });
    }
    for (const { name } of files) {
      if (this.#keys.length >= MOST_ITEMS) this.#isCut = true;
      else this.#keys.push(childKey(folder, name));
    }
  }

  async #list(folder: ObjectKey, withFolders: boolean) {
    const { rules, locale, signal } = this.reader;
    const compare = compareEntries({ sort: 'name', order: 'asc', locale });
    const folders = firstOf<ListedObject>(MOST_FOLDERS, compare);
    const files = firstOf<ListedObject>(MOST_ITEMS + 1, compare);
    for await (const batch of this.storage.list(folder)) {
      signal.throwIfAborted();
      for (const entry of batch) {
        if (entry.name.startsWith('.')) continue;
        if (entry.kind === 'file') {
          if (isMedia(entry.name) && rules.may('read', childKey(folder, entry.name))) files.offer(entry);
        } else if (withFolders && entry.target === undefined && rules.sees(childKey(folder, entry.name)))
          folders.offer(entry);
      }
      await setImmediate();
    }
    return { folders: folders.taken(), files: files.taken() };
  }
}

/** A playlist in a playlist would be played as one file, or lead in a circle. */
function isMedia(name: string): boolean {
  const mediaType = mediaTypeOf(name);
  const kind = entryKind(mediaType);
  return (kind === 'video' || kind === 'audio') && /^(?:video|audio)\/(?!.*mpegurl)/.test(mediaType);
}
