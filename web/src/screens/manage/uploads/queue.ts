import type { Item, ItemState } from './item.ts';

/** Of all files together. */
export interface Totals {
  readonly count: Readonly<Record<ItemState, number>>;
  /** Files that are to be uploaded, or are. Those skipped do not count, nor do those that failed. */
  readonly files: number;
  /** Of these. */
  readonly bytes: number;
  readonly sent: number;
  /** Whether all that run wait for the line. */
  readonly isHeldUp: boolean;
}

/** How what is shown is ordered: what needs somebody first, what is over last. */
const ORDER: readonly ItemState[] = ['asking', 'failed', 'running', 'paused', 'waiting', 'done', 'skipped'];

/** Files in the order in which they were chosen. */
export class Queue {
  #items: Item[] = [];
  /** Nothing before it waits. */
  #first = 0;

  get items(): readonly Item[] {
    return this.#items;
  }

  add(item: Item): void {
    this.#items.push(item);
  }

  /** The next one that waits. */
  next(): Item | undefined {
    while (this.#first < this.#items.length && this.#items[this.#first]?.state !== 'waiting') this.#first++;
    return this.#items[this.#first];
  }

  /** Something waits again: what stands before counts anew. */
  rewind(): void {
    this.#first = 0;
  }

  /** Forgets items. */
  remove(isGone: (item: Item) => boolean): void {
    this.#items = this.#items.filter((item) => !isGone(item));
    this.rewind();
  }

  totals(): Totals {
    const count = { waiting: 0, running: 0, paused: 0, asking: 0, done: 0, skipped: 0, failed: 0 };
    let [bytes, sent, heldUp] = [0, 0, 0];
    for (const item of this.#items) {
      count[item.state]++;
      if (item.isHeldUp && item.state === 'running') heldUp++;
      if (item.state === 'skipped' || item.state === 'failed') continue;
      bytes += item.size;
      sent += item.state === 'done' ? item.size : item.sent;
    }
    const files = this.#items.length - count.skipped - count.failed;
    return { count, files, bytes, sent, isHeldUp: heldUp > 0 && heldUp === count.running };
  }

  /** As they are shown. */
  ordered(): readonly Item[] {
    const byState = new Map<ItemState, Item[]>(ORDER.map((state) => [state, []]));
    for (const item of this.#items) byState.get(item.state)?.push(item);
    return [...byState.values()].flat();
  }
}

/** Whether anything is still to come. */
export function isUnfinished({ count }: Totals): boolean {
  return count.waiting + count.running + count.paused + count.asking > 0;
}

/** How far it is, from 0 to 1. Files count where there are no bytes, and all is only said when all is there. */
export function shareOf({ count, files, bytes, sent }: Totals): number {
  if (files === 0) return 0;
  if (count.done === files) return 1;
  return Math.min(0.999, bytes > 0 ? sent / bytes : count.done / files);
}
