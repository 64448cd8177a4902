import http from 'node:http';
import { contract, type Schema } from './contract-document.js';
import { faultsOf } from './contract-schema.js';

/** One event as a client gets it. */
export interface HeardEvent {
  readonly type: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const schemas = (
  contract.components.responses.Events as { content: Record<string, { schema: { $defs: Schema } }> }
).content['text/event-stream']!.schema.$defs;

/** A client of `/api/v1/events` over a socket of its own; it holds every event against the contract. */
export class EventListener {
  readonly events: HeardEvent[] = [];
  comments = 0;
  isEnded = false;
  #text = '';

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

  get lastId(): string {
    return this.events.at(-1)!.id;
  }

  /** As `type path`; without those that are about the stream itself. */
  get entries(): string[] {
    return this.events
      .filter(({ type }) => type.startsWith('entry-'))
      .map(({ type, data }) => `${type.slice(6)} ${String(data.path)}`);
  }

  async until(isThere: (events: readonly HeardEvent[]) => boolean, ms = 8000): Promise<void> {
    for (const deadline = Date.now() + ms; !isThere(this.events);) {
      if (Date.now() > deadline) throw new Error(`did not come; there is ${JSON.stringify(this.events)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Everything once nothing has come for a while. */
  async settled(ms = 350): Promise<string[]> {
    for (let before = -1; before !== this.events.length;) {
      before = this.events.length;
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
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
      this.events.push({ type, id: id!, data: value });
    }
  }
}
