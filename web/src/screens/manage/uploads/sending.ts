import type { ApiProblem } from '../../../api/problem.ts';
import { giveUp, type Item } from './item.ts';
import { stepAfter, waitBefore } from './outcome.ts';
import type { Queue } from './queue.ts';
import { Attempt, terminate } from './send.ts';

/** Files under way at the same time. */
const AT_ONCE = 3;

/** For who started it. */
export interface SendingEvents {
  /** Something has arrived or failed: there may be room for more. */
  readonly onchange: () => void;
  /** The server says that its name is taken. */
  readonly onconflict: (item: Item) => void;
  /** Nothing can be sent until somebody does something about it. */
  readonly onhalt: (failure: ApiProblem) => void;
}

/** The files that are on their way: a few at a time, each tried again as long as that may help. */
export class Sending {
  /** Bytes that have gone so far. */
  moved = 0;
  readonly #attempts = new Map<Item, Attempt>();
  readonly #stopping = new Map<Item, Promise<void>>();
  readonly #timers = new Map<Item, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly queue: Queue,
    private readonly events: SendingEvents,
  ) {}

  /** Sends what waits, as far as there is room. */
  pump(): void {
    while (this.#attempts.size + this.#timers.size < AT_ONCE) {
      const item = this.queue.next();
      if (!item?.file) return;
      void this.#run(item, item.file);
    }
  }

  /** @returns when nothing of it is under way any more; undefined where that is so already */
  stop(item: Item): Promise<void> | undefined {
    clearTimeout(this.#timers.get(item));
    this.#timers.delete(item);
    item.isHeldUp = false;
    const attempt = this.#attempts.get(item);
    if (attempt) {
      this.#attempts.delete(item);
      const stopping = attempt.stop().finally(() => this.#stopping.delete(item));
      this.#stopping.set(item, stopping);
    }
    return this.#stopping.get(item);
  }

  /** What was on its way waits again. */
  stopAll(): void {
    for (const item of [...this.#attempts.keys(), ...this.#timers.keys()]) {
      item.state = 'waiting';
      void this.stop(item);
    }
  }

  /** The line is back: nobody has to wait any longer. */
  readonly hurry = () => {
    for (const [item, timer] of [...this.#timers]) {
      clearTimeout(timer);
      this.#timers.delete(item);
      if (item.file) void this.#run(item, item.file);
    }
  };

  async #run(item: Item, file: File): Promise<void> {
    item.state = 'running';
    const stopping = this.#stopping.get(item);
    if (stopping) {
      // Holds the place meanwhile.
      this.#timers.set(
        item,
        setTimeout(() => undefined),
      );
      await stopping;
      this.#timers.delete(item);
      if (item.state !== 'running' || this.#attempts.has(item)) return;
    }
    let last = 0;
    const attempt = new Attempt({
      file,
      path: item.path,
      onConflict: item.onConflict,
      url: item.url,
      onstart: (offset) => {
        item.sent = last = offset;
        item.isHeldUp = false;
      },
      onprogress: (sent) => {
        this.moved += Math.max(0, sent - last);
        item.sent = last = sent;
      },
      onurl: (url, expires) => {
        item.url = url;
        item.expires = expires;
      },
      ondone: (path) => {
        this.#attempts.delete(item);
        item.state = 'done';
        item.isHeldUp = false;
        item.sent = item.size;
        item.storedPath = path === item.path ? undefined : path;
        this.events.onchange();
      },
      onfail: (failure) => {
        this.#attempts.delete(item);
        this.#failed(item, file, failure);
        this.events.onchange();
      },
    });
    this.#attempts.set(item, attempt);
  }

  #failed(item: Item, file: File, failure: ApiProblem | 'unreadable'): void {
    if (failure === 'unreadable') return giveUp(item, failure);
    item.failures = item.sent > item.sentBefore ? 1 : item.failures + 1;
    item.sentBefore = item.sent;
    const step = stepAfter(failure, item.failures);
    if (step === 'conflict') {
      // An upload is bound to what was decided when it was begun.
      if (item.url) void terminate(item.url);
      item.url = undefined;
      item.sent = 0;
      return this.events.onconflict(item);
    }
    if (step === 'fail') return giveUp(item, failure);
    if (step === 'anew') {
      item.url = undefined;
      item.sent = item.sentBefore = 0;
    }
    if (step === 'halt') {
      item.state = 'waiting';
      return this.events.onhalt(failure);
    }
    item.isHeldUp = failure.status === 0;
    const again = () => {
      this.#timers.delete(item);
      void this.#run(item, file);
    };
    this.#timers.set(item, setTimeout(again, waitBefore(item.failures)));
  }
}
