import type { ObjectKey } from '../../../core/path/index.js';
import type { WatchedFolder } from './watched-folder.js';

/** A name in a folder to which something has happened. */
export interface Sign {
  readonly folder: WatchedFolder;
  readonly name: string;
}

interface WaitingSign extends Sign {
  /** When to look, by the clock of the process. */
  due: number;
}

/** Names that wait to be looked at, each once. The time from a sign to the look does not grow with what follows it. */
export class SignQueue {
  readonly #signs = new Map<ObjectKey, WaitingSign>();
  #isLooking = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer goes off, by the clock of the process. */
  #nextLook = Infinity;

  /** @param look is given what is due, and not called again before it is done; it must not reject */
  constructor(private readonly look: (due: readonly Sign[]) => Promise<void>) {}

  /**
   * @param wait in milliseconds
   * @param isSwap what has the name may be another thing now: not to be put off as a change of it may be
   */
  add({ folder, name }: Sign, wait: number, isSwap: boolean): void {
    const key = folder.keyOf(name);
    const due = performance.now() + wait;
    const sign = this.#signs.get(key);
    if (sign?.folder !== folder) this.#signs.set(key, { folder, name, due });
    else if (isSwap) sign.due = Math.min(sign.due, due);
    this.#lookAt(due);
  }

  /** Looks at it in so many milliseconds, even if it was to be sooner. */
  putOff({ folder, name }: Sign, wait: number): void {
    this.#signs.set(folder.keyOf(name), { folder, name, due: performance.now() + wait });
  }

  /** What still waits is dropped. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#signs.clear();
  }

  #lookAt(due: number): void {
    if (this.#isLooking || this.#isClosed || due >= this.#nextLook) return;
    clearTimeout(this.#timer);
    this.#nextLook = due;
    this.#timer = setTimeout(() => void this.#look(), Math.max(0, due - performance.now())).unref();
  }

  /** Folders come before what is in them: what has gone with its folder is not told of. */
  async #look(): Promise<void> {
    this.#isLooking = true;
    const now = performance.now();
    const due = [...this.#signs].filter(([, sign]) => sign.due <= now);
    for (const [key] of due) this.#signs.delete(key);
    due.sort(([a], [b]) => depth(a) - depth(b));
    await this.look(due.map(([, sign]) => sign));
    this.#isLooking = false;
    this.#nextLook = Infinity;
    let next = Infinity;
    for (const sign of this.#signs.values()) next = Math.min(next, sign.due);
    this.#lookAt(next);
  }
}

function depth(key: ObjectKey): number {
  return key.split('/').length;
}
