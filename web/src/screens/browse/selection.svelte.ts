import { SvelteMap } from 'svelte/reactivity';
import type { Entry } from '../../api/types.ts';
import type { Folder } from './folder.svelte.ts';

/** As many as the API changes by one request. */
export const MOST_SELECTED = 1000;

/** The entries of a folder that are selected, by name, so that they stay so when others come and go. */
export class Selection {
  readonly #entries = new SvelteMap<string, Entry>();
  /** Where a range begins. */
  #anchor: number | undefined;
  #turn = 0;

  get size(): number {
    return this.#entries.size;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  all(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  clear(): void {
    this.#turn++;
    this.#entries.clear();
    this.#anchor = undefined;
  }

  toggle(entry: Entry, index: number): void {
    this.#anchor = index;
    if (!this.#entries.delete(entry.name)) this.#entries.set(entry.name, entry);
  }

  /**
   * Selects from where the range began to here, and nothing else. @returns whether all of it could be
   * @param from where it begins, unless it has begun elsewhere
   */
  async extendTo(from: number, index: number, folder: Folder): Promise<boolean> {
    const anchor = (this.#anchor ??= from);
    return this.#take(folder, Math.min(anchor, index), Math.max(anchor, index));
  }

  /** Selects everything that matches. @returns whether all of it could be */
  async takeAll(folder: Folder): Promise<boolean> {
    return this.#take(folder, 0, folder.count - 1);
  }

  /** Entries are as they are now, where that has been fetched. */
  renew(folder: Folder): void {
    for (const name of this.#entries.keys()) {
      const index = folder.indexOf(name);
      const entry = index === undefined ? undefined : folder.at(index);
      if (entry) this.#entries.set(name, entry);
    }
  }

  remove(name: string): void {
    this.#entries.delete(name);
  }

  async #take(folder: Folder, first: number, last: number): Promise<boolean> {
    const end = Math.min(last, first + MOST_SELECTED - 1, folder.reach - 1);
    const turn = ++this.#turn;
    await folder.ensure(first, end);
    // Another range may have been chosen while this one was fetched.
    if (turn !== this.#turn) return true;
    this.#entries.clear();
    for (let index = first; index <= end; index++) {
      const entry = folder.at(index);
      if (entry) this.#entries.set(entry.name, entry);
    }
    return end === last;
  }
}
