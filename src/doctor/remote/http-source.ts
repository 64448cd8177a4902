import type { ByteSource } from '../../core/bytes/index.js';
import { type Answer } from '../wire/answer.js';
import { type Visit } from '../visit.js';

/** Fetched at once around what is asked for: a request costs a round trip, which costs more than these bytes. */
const SHORTEST_FETCH = 32_768;
/** Requests for one inspection. An MP4 of many fragments would else be hopped through box by box. */
const MOST_FETCHES = 128;

/** The bytes behind a URL cannot be read any further; the message is a clause for people. */
export class SourceError extends Error {
  constructor(
    readonly reason: 'changed' | 'refused' | 'too-costly',
    message: string,
  ) {
    super(message);
    this.name = 'SourceError';
  }
}

/**
 * A file on a web server, read by ranges. It is pinned to one version: its entity tag goes into If-Range, as browsers
 * do it, and every answer must have that tag and that size.
 */
export class HttpSource implements Pick<ByteSource, 'size' | 'read'> {
  #window: Uint8Array = Buffer.alloc(0);
  #offset = 0;
  #fetches = 0;

  /**
   * @param size in bytes
   * @param tag a strong entity tag that the server keeps to
   */
  constructor(
    private readonly visit: Visit,
    readonly size: number,
    private readonly tag: string | undefined,
  ) {}

  /** @throws {SourceError} {@link WireError} */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.size);
    if (offset >= end) return Buffer.alloc(0);
    if (offset < this.#offset || end > this.#offset + this.#window.length) {
      const fetched = Math.min(Math.max(end - offset, SHORTEST_FETCH), this.size - offset);
      this.#window = await this.#fetch(offset, fetched);
      this.#offset = offset;
    }
    return this.#window.subarray(offset - this.#offset, end - this.#offset);
  }

  async #fetch(offset: number, length: number): Promise<Buffer> {
    if (++this.#fetches > MOST_FETCHES)
      throw new SourceError('too-costly', `its index is spread over more than ${MOST_FETCHES} places`);
    const answer = await this.visit.again({
      fields: {
        Range: `bytes=${offset}-${offset + length - 1}`,
        ...(this.tag !== undefined && { 'If-Range': this.tag }),
      },
      keep: length,
    });
    this.#judge(answer, offset, length);
    return answer.body;
  }

  #judge(answer: Answer, offset: number, length: number): void {
    const tag = answer.field('etag');
    const { range } = answer;
    if (
      (answer.status === 200 && this.tag !== undefined) ||
      (range?.size !== undefined && range.size !== this.size) ||
      (this.tag !== undefined && tag !== undefined && tag !== this.tag)
    )
      throw new SourceError('changed', 'the file was replaced while it was looked at');
    if (answer.status !== 206 || range?.first !== offset || answer.body.length !== length)
      throw new SourceError(
        'refused',
        `bytes ${offset}-${offset + length - 1} were answered by status ${answer.status} with ${answer.body.length} bytes`,
      );
  }
}
