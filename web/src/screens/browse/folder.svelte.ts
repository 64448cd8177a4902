import { api, data } from '../../api/client.ts';
import { listingQuery, PAGE, type ListingView } from '../../api/listing.ts';
import type { Entry, EntryKind, FileEntry, FolderEntry, FolderListing } from '../../api/types.ts';

export type FolderView = ListingView;

/** Entries of a folder that the API gives by their index. */
const REACH = 200_000;

/** Entries looked through at most for one that nobody has scrolled to: what a link opened may be anywhere. */
const SEARCHED = 10 * PAGE;

/**
 * A folder as the page shows it: how many entries match, and those of them that have been fetched. Of a large folder
 * only the pages that somebody looked at are here.
 */
export class Folder {
  readonly view: FolderView;
  /** Whether nothing of it but the open file is for who is here. */
  readonly isLone: boolean = false;
  /** The folder itself; undefined until the first page is here. */
  info = $state.raw<FolderEntry | undefined>();
  totals = $state.raw<FolderListing['totals']>({ folders: 0, files: 0, bytes: 0 });
  problem = $state.raw<unknown>();
  /** Set when the path turned out to be that of a file. */
  file = $state.raw<FileEntry | undefined>();
  #pages = $state.raw<ReadonlyMap<number, readonly Entry[]>>(new Map());
  /** Pages that are here as they are now, or on their way. Others may be here as they were. */
  readonly #asked = new Map<number, Promise<void>>();
  #gone = new AbortController();
  /** Requests made so far, and which of them was the last to tell what is shown. */
  #turns = 0;
  #turnShown = 0;

  constructor(view: FolderView) {
    this.view = view;
  }

  /** How many entries match, fetched or not. */
  get count(): number {
    return this.totals.folders + this.totals.files;
  }

  /** How many of them can be shown: only the beginning of what is larger than the API gives by index. */
  get reach(): number {
    return this.count > REACH ? PAGE : this.count;
  }

  /** The entry there, if it has been fetched. */
  at(index: number): Entry | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Fetches what is missing from `first` to `last`, both included. Rejects never: see `problem`. */
  async ensure(first: number, last: number): Promise<void> {
    await Promise.all(pagesOf(first, last).map((page) => this.#page(page)));
  }

  /** Fetches anew what is from `first` to `last`, and the rest when somebody looks at it. What is shown stays till then. */
  async refresh(first: number, last: number): Promise<void> {
    this.#asked.clear();
    await this.ensure(first, last);
  }

  /** Whether entries came, went or changed their size since they were fetched. Costs less than to fetch them. */
  async hasChanged(): Promise<boolean> {
    const shown = this.info;
    if (!shown) return false;
    try {
      const answer = await this.#request(0, 1);
      if (!('entries' in answer)) return true;
      const [now, then] = [answer.totals, this.totals];
      return (
        answer.modified !== shown.modified ||
        now.files !== then.files ||
        now.folders !== then.folders ||
        now.bytes !== then.bytes
      );
    } catch {
      // Asking for all of it says what is wrong.
      return true;
    }
  }

  /** Where the entry of this name stands among what has been fetched. */
  indexOf(name: string): number | undefined {
    // What is here as it was is looked through last.
    const isOld = ([page]: readonly [number, unknown]) => Number(!this.#asked.has(page));
    for (const [page, entries] of [...this.#pages].sort((a, b) => isOld(a) - isOld(b))) {
      const index = entries.findIndex((entry) => entry.name === name);
      if (index >= 0) return page * PAGE + index;
    }
    return undefined;
  }

  /** The nearest file of these kinds behind (`step` 1) or before (-1) the one of this name; fetches what it takes. */
  async neighbour(name: string, step: 1 | -1, kinds: readonly EntryKind[]): Promise<FileEntry | undefined> {
    let index = await this.#find(name);
    if (index === undefined) return undefined;
    for (index += step; index >= 0 && index < this.reach; index += step) {
      if (!this.at(index)) await this.ensure(index, index);
      const entry = this.at(index);
      if (!entry) return undefined;
      if (entry.kind !== 'folder' && kinds.includes(entry.kind)) return entry;
    }
    return undefined;
  }

  /** Calls off what is still under way. The folder can be shown again. */
  close(): void {
    this.#gone.abort();
    this.#gone = new AbortController();
    this.#asked.clear();
  }

  async #find(name: string): Promise<number | undefined> {
    const { signal } = this.#gone;
    let found = this.indexOf(name);
    for (let at = 0; found === undefined && at < Math.min(this.reach, SEARCHED); at += PAGE) {
      await this.ensure(at, at);
      if (signal.aborted) return undefined;
      found = this.indexOf(name);
    }
    return found;
  }

  #page(page: number): Promise<void> {
    const known = this.#asked.get(page);
    if (known) return known;
    const asked = this.#fetch(page, () => (this.#asked.get(page) ?? asked) === asked);
    this.#asked.set(page, asked);
    return asked;
  }

  /** @param isNewest whether the page has not been asked for again: an older answer may come later than a newer one */
  async #fetch(page: number, isNewest: () => boolean): Promise<void> {
    const { signal } = this.#gone;
    const turn = ++this.#turns;
    try {
      const answer = await this.#request(page * PAGE, PAGE);
      if (signal.aborted || !isNewest()) return;
      if (!('entries' in answer)) {
        this.file = answer;
        return;
      }
      const { entries, totals, ...info } = answer;
      if (turn > this.#turnShown) {
        this.info = info;
        this.totals = totals;
        this.#turnShown = turn;
      }
      const last = Math.floor(Math.max(0, this.count - 1) / PAGE);
      this.#pages = new Map([...this.#pages, [page, entries] as const].filter(([known]) => known <= last));
      this.problem = undefined;
    } catch (error) {
      if (signal.aborted || !isNewest()) return;
      this.#asked.delete(page);
      this.problem = error;
    }
  }

  async #request(offset: number, limit: number): Promise<FolderListing | FileEntry> {
    const { path } = this.view;
    const query = listingQuery(this.view, offset, limit);
    const { signal } = this.#gone;
    return (await data<unknown>(
      path === ''
        ? api.GET('/api/v1/entries', { params: { query }, signal })
        : api.GET('/api/v1/entries/{path}', { params: { path: { path }, query }, signal }),
    )) as FolderListing | FileEntry;
  }
}

function pagesOf(first: number, last: number): number[] {
  const from = Math.floor(first / PAGE);
  return Array.from({ length: Math.floor(last / PAGE) - from + 1 }, (_, index) => from + index);
}
