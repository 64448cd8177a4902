import { writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { contract, type Schema } from './contract-document.js';
import { faultsOf } from './contract-schema.js';
import { QUICK_PACE } from './quick-pace.js';

/** One event as a client gets it. */
export interface HeardEvent {
  readonly type: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const schemas = (
  contract.components.responses.Events as { content: Record<string, { schema: { $defs: Schema } }> }
).content['text/event-stream']!.schema.$defs;

/** Files that only show how far the events have come. */
const MARK = /(?:^|\/)mark-\d+$/;
let markCount = 0;

/** A client of `/api/v1/events` over a socket of its own; it holds every event against the contract. */
export class EventListener {
  /** Without those about marks. */
  readonly events: HeardEvent[] = [];
  lastId = '';
  comments = 0;
  isEnded = false;
  #text = '';
  readonly #marks = new Set<unknown>();

  private constructor(
    private readonly request: http.ClientRequest,
    readonly response: http.IncomingMessage,
  ) {
    response.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    response.on('error', () => undefined);
    response.on('close', () => (this.isEnded = true));
  }

  static async open(
    port: number,
    query = '',
    headers: http.OutgoingHttpHeaders = {},
  ): Promise<EventListener> {
    const request = http.get({
      host: '127.0.0.1',
      port,
      path: `/api/v1/events${query}`,
      headers,
      agent: false,
    });
    const listener = await new Promise<EventListener>((resolve, reject) => {
      request.once('error', reject);
      request.once('response', (response) => {
        if (response.statusCode === 200) resolve(new EventListener(request, response));
        else reject(new Error(`status ${response.statusCode}`));
      });
    });
    request.on('error', () => undefined);
    return listener;
  }

  /** Opens one and waits until it is told of changes. */
  static async ready(...args: Parameters<typeof EventListener.open>): Promise<EventListener> {
    const listener = await EventListener.open(...args);
    await listener.until((events) => events.some(({ type }) => type === 'status'));
    return listener;
  }

  /** As `type path`; without those that are about the stream itself. */
  get entries(): string[] {
    return this.events
      .filter(({ type }) => type.startsWith('entry-'))
      .map(({ type, data }) => `${type.slice(6)} ${String(data.path)}`);
  }

  async until(isThere: (events: readonly HeardEvent[]) => boolean): Promise<void> {
    for (const deadline = Date.now() + 8000; !isThere(this.events);) {
      if (Date.now() > deadline) throw new Error(`did not come; there is ${JSON.stringify(this.events)}`);
      await sleep(5);
    }
  }

  /**
   * The entries told of: at least so many, and all that come until a file is told of that is made after them, and in the
   * time that changes are put off.
   * @param folder of the disk: one that it listens to
   */
  async toldIn(folder: string, least = 0): Promise<string[]> {
    await this.until(() => this.entries.length >= least);
    const mark = `mark-${++markCount}`;
    writeFileSync(path.join(folder, mark), '');
    await this.until(() => this.#marks.has(mark));
    const { settle, calm } = QUICK_PACE.watch;
    await sleep(settle + calm + 10);
    return this.entries;
  }

  close(): void {
    this.request.destroy();
  }

  #read(text: string): void {
    const blocks = (this.#text + text).split('\n\n');
    this.#text = blocks.pop()!;
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
      if (fields.has('')) this.comments++;
      const [type, id, data] = ['event', 'id', 'data'].map((name) => fields.get(name));
      if (type === undefined) continue;
      const value = JSON.parse(data!) as HeardEvent['data'];
      const faults = schemas[type] ? faultsOf(value, schemas[type] as Schema) : [];
      if ((!schemas[type] && type !== 'reset') || faults.length > 0)
        throw new Error(`${type} ${data} breaks the contract: ${faults.join(', ')}`);
      this.lastId = id!;
      if (MARK.test(String(value.path))) this.#marks.add(path.basename(String(value.path)));
      else this.events.push({ type, id: id!, data: value });
    }
  }
}
