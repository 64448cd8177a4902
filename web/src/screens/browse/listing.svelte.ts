import { PAGE } from '../../api/listing.ts';
import type { Folder } from './folder.svelte.ts';
import { rowsSeen, scrollToRow, TILE_GAP, tileLayout } from './window.ts';

/** Entries fetched before they are seen: half of what one request brings, so that the first view asks only once. */
const AHEAD = PAGE / 2;
/** Milliseconds after which what has come in sight is fetched: soon, or when a hand that drags the bar has come to rest. */
const SOON = 20;
const AT_REST = 120;

/** Where somebody is in a listing, and what of it is seen. Lengths are in CSS pixels. */
export class ListingState {
  /** The entry that has the tab stop. */
  active = $state(0);
  scrollTop = $state(0);
  width = $state(0);
  height = $state(0);
  /** Height of what covers the listing at its top, and at its bottom. */
  top = $state(0);
  bottom = $state(0);
  /** Height of a row of the list. */
  listRow = $state(48);
  readonly layout = $derived.by(() =>
    this.#view() === 'list'
      ? { columns: 1, rowHeight: this.listRow || 48 }
      : tileLayout(this.width - 2 * TILE_GAP),
  );
  readonly rowCount = $derived.by(() => Math.ceil(this.#folder().reach / this.layout.columns));
  /** Height in which rows are seen. */
  readonly room = $derived.by(() => Math.max(0, this.height - this.top - this.bottom));
  readonly span = $derived.by(() =>
    rowsSeen(this.scrollTop, this.room, this.layout.rowHeight, this.rowCount),
  );
  /** The rows that exist. The tab stop is there wherever one has scrolled to. */
  readonly rows = $derived.by(() => {
    const { first, last } = this.span;
    const all = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
    const stop = Math.floor(this.active / this.layout.columns);
    if (stop >= this.rowCount || (stop >= first && stop <= last)) return all;
    return stop < first ? [stop, ...all] : [...all, stop];
  });
  readonly #folder: () => Folder;
  readonly #view: () => 'list' | 'grid';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #askedAt = 0;

  constructor(folder: () => Folder, view: () => 'list' | 'grid') {
    this.#folder = folder;
    this.#view = view;
  }

  /** The first and the last entry that are seen, or nearly. */
  get seen(): { first: number; last: number } {
    const { columns } = this.layout;
    const last = Math.min(this.#folder().reach, (this.span.last + 1) * columns) - 1;
    return { first: Math.min(this.span.first * columns, Math.max(0, last)), last: Math.max(0, last) };
  }

  /** Fetches what is seen and missing. Call it whenever that may be something else. */
  fetchSeen(): void {
    const isFar = Math.abs(this.scrollTop - this.#askedAt) > 2 * this.height;
    if (this.#timer !== undefined && !isFar) return;
    clearTimeout(this.#timer);
    this.#askedAt = this.scrollTop;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#askedAt = this.scrollTop;
        const { first, last } = this.seen;
        const ahead = isFar ? 0 : AHEAD;
        const { count, reach } = this.#folder();
        if (count > 0)
          void this.#folder().ensure(Math.max(0, first - ahead), Math.min(reach - 1, last + ahead));
      },
      isFar ? AT_REST : SOON,
    );
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Where to scroll so that an entry is seen. */
  scrollTo(index: number, scrollTop: number): number {
    const { columns, rowHeight } = this.layout;
    return scrollToRow(Math.floor(index / columns), scrollTop, this.room, rowHeight);
  }

  /**
   * Fetches anew what is seen. @returns where to scroll so that what one looks at stays where it is
   * @param renamed new names of entries by their old ones
   */
  async refresh(renamed?: ReadonlyMap<string, string>): Promise<number | undefined> {
    const folder = this.#folder();
    const { columns, rowHeight } = this.layout;
    const nameAt = (index: number) => {
      const name = folder.at(index)?.name;
      return name === undefined ? undefined : (renamed?.get(name) ?? name);
    };
    const indexOf = (name: string | undefined) => (name === undefined ? undefined : folder.indexOf(name));
    const top = Math.floor(this.scrollTop / rowHeight) * columns;
    const offset = this.scrollTop % rowHeight;
    const isAtTop = this.scrollTop === 0;
    const [topName, activeName] = [nameAt(top), nameAt(this.active)];
    const { first, last } = this.seen;
    await folder.refresh(first, last);
    this.active = indexOf(activeName) ?? Math.max(0, Math.min(this.active, folder.reach - 1));
    const now = indexOf(topName);
    if (isAtTop || now === undefined || now === top) return undefined;
    return Math.floor(now / columns) * rowHeight + offset;
  }
}
