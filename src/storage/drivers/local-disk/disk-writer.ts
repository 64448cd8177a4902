import type { ObjectKey } from '../../../core/path/index.js';
import type {
  ChangeOptions,
  CopyOptions,
  HeldFile,
  Discarded,
  DiscardedId,
  DiscardOptions,
  Placed,
  StagedContent,
  WriteOptions,
  Written,
} from '../../storage-driver.js';
import { copyEntry } from './copy.js';
import { holdFile } from './hold-file.js';
import { discardEntry } from './discard.js';
import { findDiscarded, listDiscarded } from './discarded.js';
import { Journal } from './journal.js';
import { makeFolder } from './make-folder.js';
import { moveEntry } from './move.js';
import { NameLocks } from './name-locks.js';
import { purgeEntry } from './purge.js';
import { recover } from './recover.js';
import { removeEntry } from './remove.js';
import { restoreEntry } from './restore.js';
import type { ServedFolder } from './served-folder.js';
import { StateFolder } from './state-folder.js';
import type { WriteContext } from './write-context.js';
import { toWriteError } from './write-error.js';
import { adoptFile, checkWrite, writeFile } from './write-file.js';

/** The half of the disk driver that changes what is there. What goes wrong becomes a `StorageError` here. */
export class DiskWriter {
  readonly #context: WriteContext;

  constructor(served: ServedFolder) {
    const state = new StateFolder(served);
    this.#context = { served, state, journal: new Journal(state), locks: new NameLocks() };
  }

  write(key: ObjectKey, content: AsyncIterable<Uint8Array>, options: WriteOptions = {}): Promise<Written> {
    return translated(writeFile(this.#context, key, content, options));
  }

  checkWrite(key: ObjectKey, options: WriteOptions = {}): Promise<void> {
    return translated(checkWrite(this.#context, key, options));
  }

  adopt(key: ObjectKey, staged: StagedContent, options: WriteOptions = {}): Promise<Written> {
    return translated(adoptFile(this.#context, key, staged, options));
  }

  makeFolder(key: ObjectKey): Promise<void> {
    return translated(makeFolder(this.#context, key));
  }

  remove(key: ObjectKey, options: ChangeOptions = {}): Promise<void> {
    return translated(removeEntry(this.#context, key, options));
  }

  move(from: ObjectKey, to: ObjectKey, options: CopyOptions = {}): Promise<Placed> {
    return translated(moveEntry(this.#context, from, to, options));
  }

  copy(from: ObjectKey, to: ObjectKey, options: CopyOptions = {}): Promise<Placed> {
    return translated(copyEntry(this.#context, from, to, options));
  }

  holdFile(key: ObjectKey): Promise<HeldFile> {
    return translated(holdFile(this.#context, key));
  }

  discard(key: ObjectKey, options: DiscardOptions = {}): Promise<Discarded> {
    return translated(discardEntry(this.#context, key, options));
  }

  async *discarded(before?: DiscardedId): AsyncGenerator<Discarded> {
    try {
      yield* listDiscarded(this.#context, before);
    } catch (error) {
      throw toWriteError(error);
    }
  }

  findDiscarded(id: string): Promise<Discarded> {
    return translated(findDiscarded(this.#context, id));
  }

  restore(id: DiscardedId, to: ObjectKey, options: CopyOptions = {}): Promise<Placed> {
    return translated(restoreEntry(this.#context, id, to, options));
  }

  purge(id: DiscardedId): Promise<void> {
    return translated(purgeEntry(this.#context, id));
  }

  recover(): Promise<number> {
    return translated(recover(this.#context));
  }

  async stateFolder(name: string): Promise<string> {
    const folder = await translated(this.#context.state.open(name));
    await folder.close();
    return folder.actual;
  }

  async existingStateFolder(name: string): Promise<string | undefined> {
    const folder = await translated(this.#context.state.openExisting(name));
    await folder?.close();
    return folder?.actual;
  }
}

async function translated<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    throw toWriteError(error);
  }
}
