import type { FileEntry } from '../../api/types.ts';
import type { FolderView } from '../browse/folder.svelte.ts';
import { nextOf, orderOf } from './queue-order.ts';
import { repeat, shuffle } from './settings.svelte.ts';
import { filesOf } from './tracks-of-folder.ts';

/** The recordings of a folder, in the order in which they are played. */
export class Queue {
  /** In the order of the folder. */
  tracks = $state.raw<readonly FileEntry[]>([]);
  readonly #seed = Math.floor(Math.random() * 2 ** 32);
  readonly #first: string;
  readonly #order = $derived.by(() =>
    orderOf(this.tracks.length, shuffle.value, this.#seed, Math.max(0, this.indexOf(this.#first))),
  );
  #isOver = false;
  #isFilled = false;

  /** @param first what somebody chose; it is there at once, the others after `fill`, as they are found */
  constructor(
    first: FileEntry,
    readonly view: FolderView,
  ) {
    this.tracks = [first];
    this.#first = first.path;
  }

  /** Whether it is the queue that this file belongs to, when it is opened in this view of its folder. */
  holds(entry: FileEntry, view: FolderView): boolean {
    return JSON.stringify(this.view) === JSON.stringify(view) && this.indexOf(entry.path) >= 0;
  }

  indexOf(path: string): number {
    return this.tracks.findIndex((track) => track.path === path);
  }

  /** What is played after (1) or before (-1) this one. @param asked whether a person asked for it */
  beside(path: string, step: 1 | -1, asked: boolean): FileEntry | undefined {
    const next = nextOf(this.#order, this.indexOf(path), step, repeat.value, asked);
    return next === undefined ? undefined : this.tracks[next];
  }

  /** Nobody needs the rest any more. */
  close(): void {
    this.#isOver = true;
  }

  /** Looks for the others, once. */
  async fill(): Promise<void> {
    if (this.#isFilled) return;
    this.#isFilled = true;
    const [first] = this.tracks;
    let found: readonly FileEntry[] = [];
    for await (const more of filesOf(this.view, 'audio')) {
      if (this.#isOver) return;
      found = [...found, ...more];
      this.tracks = !first || found.some(({ path }) => path === first.path) ? found : [first, ...found];
    }
  }
}
