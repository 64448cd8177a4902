import { SvelteMap } from 'svelte/reactivity';
import { api, data } from '../../api/client.ts';
import type { Entry, EntryKind, FileEntry, FolderEntry, FolderListing } from '../../api/types.ts';
import type { SortField } from '../../routing/route.ts';

/** What of a folder is wanted, in which order. */
export interface FolderView {
  readonly path: string;
  readonly sort: SortField;
  readonly order: 'asc' | 'desc';
  readonly filter: string;
  readonly hidden: boolean;
}

/** Entries asked for by one request. */
const PAGE = 200;

/**
 * A folder as the page shows it: how many entries match, and those of them that have been fetched. Of a large folder
 * only the pages that somebody looked at are here.
 */
export class Folder {
  readonly view: FolderView;
  /** The folder itself; undefined until the first page is here. */
  info = $state.raw<FolderEntry | undefined>();
  totals = $state.raw<FolderListing['totals']>({ folders: 0, files: 0, bytes: 0 });
  problem = $state.raw<unknown>();
  /** Set when the path turned out to be that of a file. */
  file = $state.raw<FileEntry | undefined>();
  readonly #pages = new SvelteMap<number, readonly Entry[]>();
  readonly #asked = new Map<number, Promise<void>>();
  readonly #gone = new AbortController();

  constructor(view: FolderView) {
    this.view = view;
  }

  /** How many entries match, fetched or not. */
  get count(): number {
    return this.totals.folders + this.totals.files;
  }

  /** The entry there, if it has been fetched. */
  at(index: number): Entry | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Fetches what is missing from `first` to `last`, both included. Rejects never: see `problem`. */
  async ensure(first: number, last: number): Promise<void> {
    const pages = [];
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++)
      pages.push(this.#page(page));
    await Promise.all(pages);
  }

  /** Where the entry of this name stands among what has been fetched. */
  indexOf(name: string): number | undefined {
    for (const [page, entries] of this.#pages) {
      const index = entries.findIndex((entry) => entry.name === name);
      if (index >= 0) return page * PAGE + index;
    }
    return undefined;
  }

  /** The nearest file of these kinds behind (`step` 1) or before (-1) the one of this name; fetches what it takes. */
  async neighbour(name: string, step: 1 | -1, kinds: readonly EntryKind[]): Promise<FileEntry | undefined> {
    let index = this.indexOf(name);
    if (index === undefined) return undefined;
    for (index += step; index >= 0 && index < this.count; index += step) {
      if (!this.at(index)) await this.ensure(index, index);
      const entry = this.at(index);
      if (!entry) return undefined;
      if (entry.kind !== 'folder' && kinds.includes(entry.kind)) return entry;
    }
    return undefined;
  }

  /** Nothing that is still under way matters any more. */
  close(): void {
    this.#gone.abort();
  }

  #page(page: number): Promise<void> {
    let asked = this.#asked.get(page);
    if (!asked) this.#asked.set(page, (asked = this.#fetch(page)));
    return asked;
  }

  async #fetch(page: number): Promise<void> {
    const { path, sort, order, filter, hidden } = this.view;
    const query = {
      sort,
      order,
      hidden,
      limit: PAGE,
      ...(filter !== '' && { q: filter }),
      ...(page > 0 && { offset: page * PAGE }),
    };
    const { signal } = this.#gone;
    try {
      const answer = (await data<unknown>(
        path === ''
          ? api.GET('/api/v1/entries', { params: { query }, signal })
          : api.GET('/api/v1/entries/{path}', { params: { path: { path }, query }, signal }),
      )) as FolderListing | FileEntry;
      if (!('entries' in answer)) {
        this.file = answer;
        return;
      }
      const { entries, totals, ...info } = answer;
      this.info = info;
      this.totals = totals;
      this.#pages.set(page, entries);
      this.problem = undefined;
    } catch (error) {
      this.#asked.delete(page);
      if (!this.#gone.signal.aborted) this.problem = error;
    }
  }
}
