import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { BoundedCache } from '../core/cache/index.js';
import type { ObjectKey } from '../core/path/index.js';
import { STORAGE_DRIVER, type ListedObject, type StorageDriver } from '../storage/storage-driver.js';
import { printCursor } from './cursor.js';
import { compareEntries, type EntryOrder } from './entry-order.js';
import { firstOf } from './first-of.js';

export interface ListingRequest extends EntryOrder {
  /** Only names that contain this. */
  readonly q?: string | undefined;
  readonly hidden: boolean;
  /** Entries in a page, 1 to 1000. */
  readonly limit: number;
  /** The page begins behind this entry. */
  readonly after?: ListedObject | undefined;
  /** What its reader is shown of an entry, if anything; absent when that is all of each. */
  readonly visible?: ((entry: ListedObject) => ListedObject | undefined) | undefined;
}

export interface ListingPage {
  readonly entries: readonly ListedObject[];
  /** Of everything that matches, on all pages. `bytes` adds up the files of this folder, not those in folders below. */
  readonly totals: { readonly folders: number; readonly files: number; readonly bytes: number };
  /** Absent on the last page. */
  readonly cursor?: string;
}

/** Entries looked at before others get their turn: one or two milliseconds. */
const SLICE = 1000;
/** Entries remembered, of all folders together; about 150 bytes each. */
const REMEMBERED = 200_000;
/** How long a remembered folder is believed, in milliseconds: while somebody pages through it. */
const BELIEVED = 5000;

/** Pages through folders of any size. A page costs memory for itself, not for its folder. */
@Injectable()
export class ListingService {
  readonly #remembered = new BoundedCache<{ entries: ListedObject[]; at: number }>(REMEMBERED);

  constructor(@Inject(STORAGE_DRIVER) private readonly storage: StorageDriver) {}

  /** One page of a folder in the order asked for. @throws StorageError as the driver has it. */
  async page(key: ObjectKey, version: number, request: ListingRequest): Promise<ListingPage> {
    const compare = compareEntries(request);
    const matches = matcher(request);
    const { after, limit, visible } = request;
    const page = firstOf(limit + 1, compare);
    const totals = { folders: 0, files: 0, bytes: 0 };
    for await (const batch of this.#batches(key, version)) {
      for (const listed of batch) {
        if (!matches(listed.name)) continue;
        // What is remembered is the folder's; what is shown of it is the reader's.
        const entry = visible ? visible(listed) : listed;
        if (!entry) continue;
        totals[entry.kind === 'folder' ? 'folders' : 'files']++;
        totals.bytes += entry.size;
        if (!after || compare(entry, after) > 0) page.offer(entry);
      }
    }
    const found = page.taken();
    if (found.length <= limit) return { entries: found, totals };
    const entries = found.slice(0, limit);
    return { entries, totals, cursor: printCursor({ ...request, last: entries.at(-1)! }) };
  }

  /** The folder's entries, from memory if it has not changed since they were read a moment ago. */
  async *#batches(key: ObjectKey, version: number): AsyncGenerator<readonly ListedObject[]> {
    const id = `${version}/${key}`;
    const remembered = this.#remembered.get(id);
    if (remembered && Date.now() - remembered.at < BELIEVED) {
      for (let start = 0; start < remembered.entries.length; start += SLICE) {
        yield remembered.entries.slice(start, start + SLICE);
        await setImmediate();
      }
      return;
    }
    const entries: ListedObject[] = [];
    for await (const batch of this.storage.list(key)) {
      if (entries.length <= REMEMBERED) entries.push(...batch);
      yield batch;
    }
    this.#remembered.set(id, { entries, at: Date.now() }, Math.max(1, entries.length));
  }
}

function matcher({ q, hidden }: ListingRequest): (name: string) => boolean {
  const wanted = fold(q ?? '');
  return (name) => (hidden || !name.startsWith('.')) && (wanted === '' || fold(name).includes(wanted));
}

/** Without accents and letter case: "ete" finds "Été". */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
