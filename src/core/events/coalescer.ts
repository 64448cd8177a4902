interface Waiting<T> {
  timer: NodeJS.Timeout;
  next: T | undefined;
}

/**
 * Passes on the first value of a thing at once, and after that no more than one in an interval: the newest. What is
 * last is never lost.
 */
export class Coalescer<T> {
  readonly #waiting = new Map<string, Waiting<T>>();

  /** @param interval in milliseconds */
  constructor(
    private readonly interval: number,
    private readonly pass: (value: T) => void,
  ) {}

  /** @param isLast the thing has ended: this value does not wait, and the thing is forgotten */
  offer(id: string, value: T, isLast: boolean): void {
    const waiting = this.#waiting.get(id);
    if (isLast) {
      clearTimeout(waiting?.timer);
      this.#waiting.delete(id);
    } else if (waiting) {
      waiting.next = value;
      return;
    } else {
      this.#wait(id);
    }
    this.pass(value);
  }

  /** What still waits is dropped. */
  close(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #wait(id: string): void {
    const timer = setTimeout(() => {
      const next = this.#waiting.get(id)?.next;
      this.#waiting.delete(id);
      if (next === undefined) return;
      this.#wait(id);
      this.pass(next);
    }, this.interval).unref();
    this.#waiting.set(id, { timer, next: undefined });
  }
}
