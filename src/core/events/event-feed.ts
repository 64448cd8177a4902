import { randomBytes } from 'node:crypto';
import type { ObjectKey } from '../path/index.js';
import { eventFrame } from './event-frame.js';

/** What has happened, to whoever may know of it. */
export interface FeedEvent {
  readonly type: string;
  /** What it is about: for those who may see this. */
  readonly key: ObjectKey;
  /** JSON. */
  readonly data: string;
  /** Whether it tells that a folder came or went. */
  readonly isFolder?: boolean;
  /** A second thing it tells of, and the JSON for those who may see that too. */
  readonly linked?: { readonly key: ObjectKey; readonly data: string };
}

/** An event with its place in the order of all. */
export interface FedEvent extends FeedEvent {
  readonly sequence: number;
  /** As it goes over the line, made once for all listeners; and with what `linked` adds. */
  readonly frame: string;
  readonly linkedFrame: string;
}

export interface FeedLimits {
  /** Events that are remembered, and characters of them, at least one each. */
  readonly events: number;
  readonly characters: number;
}

/**
 * Passes events on to listeners, in one order for all, and remembers the last ones for those who come back. Ids grow
 * with the order and belong to one start of the program: after a restart an old id is not taken for a new one.
 */
export class EventFeed {
  readonly #start = randomBytes(6).toString('hex');
  readonly #listeners = new Set<(event: FedEvent) => void>();
  #remembered: FedEvent[] = [];
  /** Where the memory begins: what stands before has been dropped, and is cut off now and then. */
  #first = 0;
  #characters = 0;
  #sequence = 0;

  constructor(private readonly limits: FeedLimits) {}

  /** The number of the newest event; 0 before the first. */
  get sequence(): number {
    return this.#sequence;
  }

  /** The id of the newest event, or of the beginning: where a listener that knows everything stands. */
  get id(): string {
    return this.#idOf(this.#sequence);
  }

  publish(event: FeedEvent): void {
    const sequence = ++this.#sequence;
    const id = this.#idOf(sequence);
    const frame = eventFrame(event.type, event.data, id);
    const linkedFrame = event.linked ? eventFrame(event.type, event.linked.data, id) : frame;
    const fed = { ...event, sequence, frame, linkedFrame };
    this.#remember(fed);
    for (const listener of this.#listeners) listener(fed);
  }

  /** From now on. Returns what ends it; a listener must not throw. */
  listen(listener: (event: FedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The number that an id of this start stands for; undefined for anything else. */
  sequenceOf(id: string): number | undefined {
    const [, start, digits] = /^([0-9a-f]{12})-(\d{1,15})$/.exec(id) ?? [];
    const sequence = Number(digits);
    return start === this.#start && sequence <= this.#sequence ? sequence : undefined;
  }

  /** Everything behind an event, in order; undefined when some of it is forgotten. */
  after(sequence: number): readonly FedEvent[] | undefined {
    const count = this.#sequence - sequence;
    if (count > this.#remembered.length - this.#first) return undefined;
    return this.#remembered.slice(this.#remembered.length - count);
  }

  #idOf(sequence: number): string {
    return `${this.#start}-${sequence}`;
  }

  #remember(event: FedEvent): void {
    this.#remembered.push(event);
    this.#characters += weigh(event);
    const { events, characters } = this.limits;
    while (this.#remembered.length - this.#first > events || this.#characters > characters) {
      if (this.#remembered.length - this.#first === 1) break;
      this.#characters -= weigh(this.#remembered[this.#first++]!);
    }
    if (this.#first < events) return;
    this.#remembered = this.#remembered.slice(this.#first);
    this.#first = 0;
  }
}

/** Characters: those of the frame, which has the data in it, and of the second one if there is one. */
function weigh({ data, frame, linkedFrame }: FedEvent): number {
  return data.length + frame.length + (linkedFrame === frame ? 0 : linkedFrame.length);
}
