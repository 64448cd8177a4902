import { isHidden, type ObjectKey } from '../../../core/path/index.js';
import { newDiscardedId } from '../../discarded-id.js';
import type { CopyOptions, Discarded, DiscardedId, DiscardOptions, Placed } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import type { MemoryWriter, Taken } from './memory-writer.js';

interface Entry {
  readonly discarded: Discarded;
  readonly taken: Taken;
}

/** The trash of the memory driver. */
export class MemoryTrash {
  readonly #entries = new Map<string, Entry>();

  constructor(
    private readonly writer: MemoryWriter,
    private readonly hidden: boolean,
  ) {}

  async discard(key: ObjectKey, options: DiscardOptions = {}): Promise<Discarded> {
    const taken = this.writer.take(key, options);
    const discardedAt = Date.now();
    const file = taken.get('');
    const discarded: Discarded = {
      id: newDiscardedId(discardedAt),
      key,
      kind: file ? 'file' : 'folder',
      size: file?.bytes.length ?? 0,
      discardedAt,
      discardedBy: options.by ?? null,
    };
    this.#entries.set(discarded.id, { discarded, taken });
    return discarded;
  }

  async *discarded(before?: DiscardedId): AsyncGenerator<Discarded> {
    const ids = [...this.#entries.keys()].sort().reverse();
    for (const id of ids) {
      const discarded = this.#entries.get(id)?.discarded;
      const isWanted = before === undefined || id < before;
      if (discarded && isWanted && this.#isSeen(discarded)) yield discarded;
    }
  }

  async findDiscarded(id: string): Promise<Discarded> {
    return this.#find(id).discarded;
  }

  async restore(id: DiscardedId, to: ObjectKey, options: CopyOptions = {}): Promise<Placed> {
    const placed = this.writer.give(this.#find(id).taken, to, options);
    this.#entries.delete(id);
    return placed;
  }

  async purge(id: DiscardedId): Promise<void> {
    this.#find(id);
    this.#entries.delete(id);
  }

  #find(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry || !this.#isSeen(entry.discarded)) throw new StorageError('missing');
    return entry;
  }

  #isSeen({ key }: Discarded): boolean {
    return this.hidden || !isHidden(key);
  }
}
