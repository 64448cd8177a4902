import type { Readable } from 'node:stream';

// What goes between the server and the program that draws. All numbers are big-endian.

/** Bytes before a picture: the longer side of what is wanted in pixels, and the length of the picture, 32 bits each. */
export const REQUEST_HEADER = 8;

/** Bytes before what comes back: the outcome in 8 bits, and the length of what follows in 32. */
export const ANSWER_HEADER = 5;

/** How it went. Of `drawn` follows WebP, of the others what the library says. */
export const OUTCOME = { drawn: 0, unusable: 1, noLibrary: 2 } as const;

/** Reads a stream piece by piece. */
export class FrameReader {
  readonly #input: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#input = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  }

  /** So many bytes; undefined where the stream ends before. @throws what the stream does */
  async take(length: number): Promise<Buffer | undefined> {
    const taken = Buffer.allocUnsafe(length);
    for (let filled = 0; filled < length;) {
      if (this.#rest.length === 0) {
        const next = await this.#input.next();
        if (next.done) return undefined;
        this.#rest = next.value;
      }
      const part = this.#rest.subarray(0, length - filled);
      filled += part.copy(taken, filled);
      this.#rest = this.#rest.subarray(part.length);
    }
    return taken;
  }
}
