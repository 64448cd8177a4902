import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { AccessRules } from '../core/access/index.js';
import { BoundedCache } from '../core/cache/index.js';
import type { ObjectKey } from '../core/path/index.js';
import { ProblemError } from '../core/problem/index.js';
import { STORAGE_DRIVER, type ListedObject, type StorageDriver } from '../storage/storage-driver.js';
import { printCursor } from './cursor.js';
import { compareEntries, type EntryOrder } from './entry-order.js';
import { firstOf } from './first-of.js';
import { sortInTurns } from './sort-in-turns.js';
import { visibleOf } from './visible.js';

export interface ListingRequest extends EntryOrder {
  /** Only names that contain this. */
  readonly q?: string | undefined;
  readonly hidden: boolean;
  /** Entries in a page, 1 to 1000. */
  readonly limit: number;
  /** The page begins behind this entry, */
  readonly after?: ListedObject | undefined;
  /** or with the one of this index, from 0. */
  readonly offset?: number | undefined;
  /** Of its reader. */
  readonly rules: AccessRules;
}

export interface ListingPage {
  readonly entries: readonly ListedObject[];
  /** Of everything that matches, on all pages. `bytes` adds up the files of this folder, not those in folders below. */
  readonly totals: { readonly folders: number; readonly files: number; readonly bytes: number };
  /** Absent on the last page. */
  readonly cursor?: string;
}

/** All that matches, in the order asked for. */
type Ordered = Pick<ListingPage, 'entries' | 'totals'> & { readonly at: number };

/** Entries looked at before others get their turn: one or two milliseconds. */
const SLICE = 1000;
/** Entries remembered, of all folders together; about 150 bytes each. The same number in orders, which share them. */
const REMEMBERED = 200_000;
/** How long a remembered folder is believed, and an order of it, in milliseconds: while somebody pages through it. */
const BELIEVED = 5000;

/**
 * Pages through folders of any size. A page behind a cursor costs memory for itself, not for its folder; one at an
 * offset is cut out of an order of all that matches, which is remembered for those who scroll through it.
 */
@Injectable()
export class ListingService {
  readonly #remembered = new BoundedCache<{ entries: ListedObject[]; at: number }>(REMEMBERED);
  readonly #ordered = new BoundedCache<Ordered>(REMEMBERED);
  /** What people see differs by their rules: a number for each set of rules that hides something. */
  readonly #views = new WeakMap<AccessRules, number>();
  #lastView = 0;

  constructor(@Inject(STORAGE_DRIVER) private readonly storage: StorageDriver) {}

  /**
   * One page of a folder in the order asked for.
   * @param version changes with the folder
   * @throws StorageError as the driver has it; ProblemError validation-failed for an offset where too much matches
   */
  async page(key: ObjectKey, version: number, request: ListingRequest): Promise<ListingPage> {
    const { offset } = request;
    if (offset !== undefined) return this.#pageAt(offset, key, version, request);
    const compare = compareEntries(request);
    const { after, limit } = request;
    const page = firstOf(limit + 1, compare);
    const totals = { folders: 0, files: 0, bytes: 0 };
    for await (const batch of this.#matching(key, version, request)) {
      for (const entry of batch) {
        count(entry, totals);
        if (!after || compare(entry, after) > 0) page.offer(entry);
      }
    }
    return toPage(page.taken(), totals, request);
  }

  async #pageAt(
    offset: number,
    key: ObjectKey,
    version: number,
    request: ListingRequest,
  ): Promise<ListingPage> {
    const { sort, order, locale, q = '', hidden, limit, rules } = request;
    // All that an order depends on.
    const id = JSON.stringify([version, key, sort, order, locale, q, hidden, this.#viewOf(rules, key)]);
    const kept = this.#ordered.get(id);
    if (kept && Date.now() - kept.at >= BELIEVED) this.#ordered.delete(id);
    const { entries, totals } = await this.#ordered.share(
      id,
      () => this.#order(key, version, request),
      (ordered) => Math.max(1, ordered.entries.length),
    );
    return toPage(entries.slice(offset, offset + limit + 1), totals, request);
  }

  /** @throws ProblemError validation-failed where more matches than is remembered */
  async #order(key: ObjectKey, version: number, request: ListingRequest): Promise<Ordered> {
    const found: ListedObject[] = [];
    const totals = { folders: 0, files: 0, bytes: 0 };
    for await (const batch of this.#matching(key, version, request)) {
      for (const entry of batch) {
        count(entry, totals);
        found.push(entry);
      }
      if (found.length > REMEMBERED) throw tooMany();
    }
    return { entries: await sortInTurns(found, compareEntries(request)), totals, at: Date.now() };
  }

  /** 0 where nothing is hidden from the reader: what is remembered is then everybody's. */
  #viewOf(rules: AccessRules, folder: ObjectKey): number {
    if (!visibleOf(rules, folder)) return 0;
    const view = this.#views.get(rules) ?? ++this.#lastView;
    this.#views.set(rules, view);
    return view;
  }

  async *#matching(
    key: ObjectKey,
    version: number,
    request: ListingRequest,
  ): AsyncGenerator<readonly ListedObject[]> {
    const matches = matcher(request);
    // What is remembered is the folder's; what is shown of it is the reader's.
    const visible = visibleOf(request.rules, key) ?? ((entry) => entry);
    for await (const batch of this.#batches(key, version))
      yield batch
        .filter(({ name }) => matches(name))
        .map(visible)
        .filter((entry) => entry !== undefined);
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

/** @param found a page and, where there is a next one, the first entry of that */
function toPage(
  found: readonly ListedObject[],
  totals: ListingPage['totals'],
  { sort, order, locale, limit }: ListingRequest,
): ListingPage {
  if (found.length <= limit) return { entries: found, totals };
  const entries = found.slice(0, limit);
  return { entries, totals, cursor: printCursor({ sort, order, locale, last: entries.at(-1)! }) };
}

function count({ kind, size }: ListedObject, totals: { folders: number; files: number; bytes: number }) {
  totals[kind === 'folder' ? 'folders' : 'files']++;
  totals.bytes += size;
}

function tooMany(): ProblemError {
  const detail = `is for up to ${REMEMBERED} entries; leave it out and follow links.next, or ask for less by q`;
  return new ProblemError('validation-failed', `More than ${REMEMBERED} entries match.`, {
    extensions: { errors: [{ name: 'offset', detail }] },
  });
}

function matcher({ q, hidden }: ListingRequest): (name: string) => boolean {
  const wanted = fold(q ?? '');
  return (name) => (hidden || !name.startsWith('.')) && (wanted === '' || fold(name).includes(wanted));
}

/** Without accents and letter case: "ete" finds "Été". */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
