import http from 'node:http';
import https from 'node:https';
import { arrive, type Arrival } from './arrive.js';
import { Budget, type Limits } from './limits.js';
import { type Answer, type Ask } from './wire/answer.js';
import { exchange } from './wire/exchange.js';
import { type Identity } from './wire/identity.js';
import { toWireError } from './wire/wire-error.js';

/** What to send, beyond what every request of the doctor has. */
export interface Wish {
  readonly method?: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** Bytes of the body that are wanted. */
  readonly keep?: number;
}

export interface VisitOptions {
  readonly limits: Limits;
  readonly insecure: boolean;
  /** The page that is imagined elsewhere, for CORS. */
  readonly origin: string;
  readonly userAgent: string;
}

/** Enough to see a container's signature, and to compare what overlaps. */
export const SOME_BYTES = 16_384;

/**
 * One examination of one URL: sends what the checks ask, each request once however many checks want its answer, on a
 * connection of its own, and within one budget.
 */
export class Visit {
  readonly budget: Budget;
  readonly #answers = new Map<string, Promise<Answer>>();
  readonly #agent: http.Agent;
  #arrival: Arrival | undefined;

  constructor(
    readonly identity: Identity,
    readonly options: VisitOptions,
  ) {
    this.budget = new Budget(options.limits);
    const { Agent } = identity.url.protocol === 'https:' ? https : http;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1 });
  }

  /** Sends the first request, as Chromium does, and follows where it leads. */
  async arrive(): Promise<void> {
    const ask = this.#ask({ fields: FIRST_REQUEST });
    this.#arrival = await arrive(this.identity.url, ask, (url, wanted) => this.#send(url, wanted));
    const { answer, url } = this.#arrival;
    if (answer) this.#answers.set(keyOf(ask, url), Promise.resolve(answer));
  }

  get arrival(): Arrival {
    if (!this.#arrival) throw new Error('arrive first');
    return this.#arrival;
  }

  /** The URL that answers, behind all redirects. */
  get url(): URL {
    return this.arrival.url;
  }

  /** The answer to the first request; only where there is one. */
  get first(): Answer {
    return this.arrival.answer!;
  }

  /**
   * The answer to a request to {@link url}: the one that came before, if the same was asked before.
   * @throws {WireError}
   */
  send(wish: Wish): Promise<Answer> {
    const ask = this.#ask(wish);
    const key = keyOf(ask, this.url);
    const known = this.#answers.get(key) ?? this.#send(this.url, ask);
    this.#answers.set(key, known);
    return known;
  }

  /** The same, asked anew, on a connection that is kept for the next such request. */
  again(wish: Wish): Promise<Answer> {
    return this.#send(this.url, this.#ask(wish), this.#agent);
  }

  /** The header fields that every request to {@link url} has. */
  get fields(): Readonly<Record<string, string>> {
    return this.#fieldsFor(this.url);
  }

  close(): void {
    this.#agent.destroy();
  }

  #ask({ method = 'GET', fields = {}, keep = SOME_BYTES }: Wish): Ask {
    return { method, fields, keep };
  }

  #fieldsFor(url: URL): Readonly<Record<string, string>> {
    return {
      'User-Agent': this.options.userAgent,
      Accept: '*/*',
      'Accept-Encoding': 'identity',
      ...this.identity.fieldsFor(url),
    };
  }

  async #send(url: URL, ask: Ask, agent?: http.Agent): Promise<Answer> {
    const { ms, bytes } = this.budget.request();
    const fields = { ...this.#fieldsFor(url), ...ask.fields };
    const sent: Ask = { ...ask, fields, keep: Math.min(ask.keep, bytes) };
    try {
      return await exchange(url, sent, {
        ms,
        insecure: this.options.insecure,
        agent,
        received: (count) => this.budget.received(count),
      });
    } catch (error) {
      throw toWireError(error);
    }
  }
}

/** What Chromium sends first for a media element. */
export const FIRST_REQUEST = { Range: 'bytes=0-' };

function keyOf({ method, fields, keep }: Ask, url: URL): string {
  return JSON.stringify([method, url.href, Object.entries(fields).sort(), keep]);
}
