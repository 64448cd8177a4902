import type { ObjectKey } from '../path/index.js';

/** What is at a path: nothing, a folder, or a version of a file in the words of whoever saw it. */
export type EntryState = 'absent' | 'folder' | `file ${string}`;

type Change = 'created' | 'changed' | 'removed';

interface Told {
  readonly state: EntryState;
  readonly by: 'writer' | 'watcher';
  readonly at: number;
}

/**
 * What listeners were told a moment ago, so that a change is told once although two see it: the writer that makes it
 * and the watcher of the storage, in either order.
 */
export class RecentStates {
  readonly #told = new Map<ObjectKey, Told>();

  /**
   * @param span how long it is remembered, in milliseconds
   * @param most paths remembered; the oldest are forgotten first
   */
  constructor(
    private readonly span: number,
    private readonly most: number,
  ) {}

  /** A writer has brought a path to this state. True unless a watcher has told so before. */
  written(key: ObjectKey, state: EntryState): boolean {
    const told = this.#recall(key);
    this.#note(key, state, 'writer');
    return told?.by !== 'watcher' || told.state !== state;
  }

  /**
   * A watcher has seen a path in this state. Returns the change to tell of: none for what was told, or for what is gone
   * with its folder; and a watcher that comes late does not tell of a creation twice.
   */
  seen(key: ObjectKey, state: EntryState, change: Change): Change | undefined {
    const told = this.#recall(key);
    if (told?.state === state || (state === 'absent' && this.#isFolderGone(key))) return undefined;
    this.#note(key, state, 'watcher');
    if (!told || state === 'absent') return change;
    return told.state === 'absent' ? 'created' : 'changed';
  }

  #isFolderGone(key: ObjectKey): boolean {
    for (let end = key.lastIndexOf('/'); end > 0; end = key.lastIndexOf('/', end - 1))
      if (this.#recall(key.slice(0, end) as ObjectKey)?.state === 'absent') return true;
    return false;
  }

  #recall(key: ObjectKey): Told | undefined {
    const told = this.#told.get(key);
    return told && Date.now() - told.at <= this.span ? told : undefined;
  }

  #note(key: ObjectKey, state: EntryState, by: Told['by']): void {
    const now = Date.now();
    this.#told.delete(key); // the order of the map is that of time
    this.#told.set(key, { state, by, at: now });
    for (const [oldest, { at }] of this.#told) {
      if (this.#told.size <= this.most && now - at <= this.span) return;
      this.#told.delete(oldest);
    }
  }
}
