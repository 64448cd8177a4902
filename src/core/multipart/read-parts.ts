/** What is no multipart body. `message` tells the client why. */
export class MultipartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MultipartError';
  }
}

/** One part of a multipart body. */
export interface Part {
  /** By their names in small letters; bytes that are no UTF-8 have become U+FFFD. */
  readonly headers: ReadonlyMap<string, string>;
  /** To be read before the next part is asked for; what is left of it by then is skipped. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Bytes of the header of a part. */
const LONGEST_HEADER = 16 * 1024;
const CRLF_CRLF = Buffer.from('\r\n\r\n');

/**
 * The parts of a multipart body (RFC 2046 §5.1), one after the other. Nothing is read ahead: there is never more in
 * memory than one piece of the body and the header of a part. What stands before the first boundary and behind the last
 * is dropped.
 * @param boundary 1 to 70 characters of ASCII
 * @throws MultipartError, from the content of a part too; what the body throws
 */
export async function* readParts(body: AsyncIterator<Uint8Array>, boundary: string): AsyncGenerator<Part> {
  const reader = new Reader(body, boundary);
  await reader.skip();
  while (!(await reader.isAtEnd())) {
    yield { headers: await reader.readHeader(), content: reader.readContent() };
    await reader.skip();
  }
  await reader.drain();
}

class Reader {
  readonly #delimiter: Buffer;
  /** The first boundary needs no line before it. */
  #rest: Buffer = Buffer.from('\r\n');
  /** Between two delimiters, or before the first. */
  #isInContent = true;

  constructor(
    private readonly body: AsyncIterator<Uint8Array>,
    boundary: string,
  ) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
  }

  /** Up to the next delimiter, and over it. */
  async *readContent(): AsyncGenerator<Uint8Array> {
    while (this.#isInContent) {
      const end = this.#rest.indexOf(this.#delimiter);
      if (end >= 0) {
        this.#isInContent = false;
        yield this.#take(end, this.#delimiter.length);
      } else {
        // What may be the beginning of a delimiter is kept until more is known.
        const sure = this.#rest.length - this.#delimiter.length + 1;
        if (sure > 0) yield this.#take(sure);
        await this.#more();
      }
    }
  }

  async skip(): Promise<void> {
    for await (const _ of this.readContent());
  }

  /** Whether the delimiter was the last one. */
  async isAtEnd(): Promise<boolean> {
    while (this.#rest.length < 2) await this.#more();
    return this.#rest.subarray(0, 2).equals(Buffer.from('--'));
  }

  /** The rest of the line of the delimiter, which may be blank, and the lines of the header up to the empty one. */
  async readHeader(): Promise<ReadonlyMap<string, string>> {
    let end = this.#rest.indexOf(CRLF_CRLF);
    while (end < 0 && this.#rest.length <= LONGEST_HEADER) {
      await this.#more();
      end = this.#rest.indexOf(CRLF_CRLF);
    }
    if (end < 0 || end > LONGEST_HEADER)
      throw new MultipartError(`The header of a part is longer than ${LONGEST_HEADER} bytes.`);
    const [blank, ...lines] = this.#take(end, CRLF_CRLF.length)
      .toString()
      .split(/\r\n(?![ \t])/);
    if (!/^[ \t]*$/.test(blank!)) throw new MultipartError('The boundary stands in the content of a part.');
    this.#isInContent = true;
    return new Map(lines.map(toField));
  }

  /** Takes what follows the last boundary, so that the connection can be used again. */
  async drain(): Promise<void> {
    while ((await this.body.next()).done !== true);
  }

  #take(length: number, over = 0): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length + over);
    return taken;
  }

  async #more(): Promise<void> {
    const next = await this.body.next();
    if (next.done === true) throw new MultipartError('The form breaks off before its last boundary.');
    this.#rest = Buffer.concat([this.#rest, next.value]);
  }
}

function toField(line: string): [string, string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([^]*)$/.exec(line) ?? [];
  if (name === undefined) throw new MultipartError('The header of a part has a line that is no field.');
  return [name.toLowerCase(), value!.trimEnd()];
}
