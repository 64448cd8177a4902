import type { ServerResponse } from 'node:http';
import { eventFrame, type EventFeed, type FedEvent } from '../core/events/index.js';
import type { EventLimits } from './event-limits.js';
import { isWithin, type EventScope } from './event-scope.js';
import type { FolderWatches, WatchHold } from './folder-watches.js';
import type { Sees } from './sees.js';

/** Milliseconds that a client has to take the last of what was sent. */
const FAREWELL = 1000;

export interface EventStreamOptions {
  readonly scope: EventScope;
  readonly sees: Sees;
  /** The id of the last event the client has, if it comes back. */
  readonly lastEventId: string | undefined;
  readonly heartbeat: number;
}

/**
 * One listener: sends the events it may hear of as they come. It keeps no more for a slow client than the limit; then
 * it drops what waits, and tells the client to begin anew once that takes something again.
 */
export class EventStream {
  #hold: WatchHold | undefined;
  #unlisten: (() => void) | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  /** Frames of this turn of the event loop: they go out together. */
  #waiting: string[] = [];
  #isLagging = false;
  #isOver = false;

  constructor(
    private readonly response: ServerResponse,
    private readonly feed: EventFeed,
    private readonly limits: EventLimits,
    private readonly options: EventStreamOptions,
  ) {}

  /** Begins the answer. The first event is sent when it is known what can be told. */
  async open(watches: FolderWatches): Promise<void> {
    this.response.write(`retry: ${this.limits.retry}\n\n`);
    this.#heartbeat = setInterval(() => this.#beat(), this.options.heartbeat).unref();
    this.#hold = watches.hold(this.options.scope, {
      onLive: (isLive) => this.#unlisten && this.#send(this.#status(isLive)),
      onGap: () => this.#unlisten && this.#send(this.#reset()),
    });
    await this.#hold.ready;
    if (this.#isOver) return;
    this.#resume(this.#hold);
    this.#unlisten = this.feed.listen((event) => this.#pass(event));
    this.#send(this.#status(this.#hold.isLive));
  }

  /** Ends the answer, and frees everything at once. Twice is harmless. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#heartbeat);
    this.#unlisten?.();
    this.#hold?.release();
    this.#waiting = [];
    this.response.end();
    // A client that takes nothing shall not hold up anybody.
    const timer = setTimeout(() => this.response.destroy(), FAREWELL).unref();
    this.response.once('close', () => clearTimeout(timer));
  }

  #resume(hold: WatchHold): void {
    const { lastEventId } = this.options;
    if (lastEventId === undefined) return;
    const sequence = this.feed.sequenceOf(lastEventId);
    const missed =
      sequence !== undefined && hold.coversSince(sequence) ? this.feed.after(sequence) : undefined;
    if (missed) missed.forEach((event) => this.#pass(event));
    else this.#send(this.#reset());
  }

  #pass(event: FedEvent): void {
    const { scope, sees } = this.options;
    const { key, linked, isFolder = false } = event;
    if (!isWithin(scope, key) || !sees(key, isFolder)) return;
    this.#send(linked && sees(linked.key, isFolder) ? event.linkedFrame : event.frame);
  }

  #send(frame: string): void {
    if (this.#isLagging) return;
    if (this.#waiting.length === 0) setImmediate(() => this.#flush());
    this.#waiting.push(frame);
  }

  #flush(): void {
    if (this.#isOver) return;
    const text = this.#waiting.join('');
    this.#waiting = [];
    if (this.response.writableLength + text.length <= this.limits.backlog) {
      this.response.write(text);
      return;
    }
    this.#isLagging = true;
    const again = () => {
      this.#isLagging = false;
      if (!this.#isOver) this.#send(this.#reset());
    };
    if (this.response.writableNeedDrain) this.response.once('drain', again);
    else setImmediate(again); // more at once than may ever wait
  }

  /** Keeps the connection from being taken for dead; one that takes nothing is, after the idle timeout. */
  #beat(): void {
    if (!this.response.writableNeedDrain) this.response.write(':\n\n');
  }

  #status(isLive: boolean): string {
    return eventFrame('status', JSON.stringify({ live: isLive }), this.feed.id);
  }

  #reset(): string {
    return eventFrame('reset', '{}', this.feed.id);
  }
}
