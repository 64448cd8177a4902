import { Readable } from 'node:stream';
import type { ByteSource } from './byte-source.js';

/** Bytes held in memory, or `length` bytes of a source from `offset`. */
export type Segment =
  Uint8Array | { readonly source: ByteSource; readonly offset: number; readonly length: number };

/** Thrown into a body whose source did not deliver the promised number of bytes, so that the connection breaks. */
export class SourceLengthError extends Error {
  constructor(
    readonly promised: number,
    readonly delivered: number,
  ) {
    super(`source delivered ${delivered} of ${promised} promised bytes`);
    this.name = 'SourceLengthError';
  }
}

/**
 * Streams segments one after the other and holds each to its exact length: a source that ends early or sends more
 * than was promised fails the stream with a {@link SourceLengthError} and never puts a surplus byte on the wire,
 * where it would be read as the next response of a kept-alive connection (RFC 9112 §6.3).
 */
export class SegmentStream extends Readable {
  readonly #segments: Iterator<Segment>;
  #inner: Readable | undefined;

  constructor(segments: Iterable<Segment>) {
    super();
    this.#segments = segments[Symbol.iterator]();
  }

  override _read(): void {
    if (this.#inner) this.#inner.resume();
    else this.#next();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#inner?.destroy();
    callback(error);
  }

  /** Empty segments are passed over: a push of nothing does not always make the stream ask again. */
  #next(): void {
    let next = this.#segments.next();
    while (!next.done && next.value.length === 0) next = this.#segments.next();
    const segment = next.value as Segment;
    if (next.done) this.push(null);
    else if (segment instanceof Uint8Array) this.push(segment);
    else this.#pump(segment.source.stream(segment.offset, segment.length), segment.length);
  }

  #pump(inner: Readable, length: number): void {
    let delivered = 0;
    const fail = (error: Error) => this.destroy(error);
    this.#inner = inner;
    inner.on('data', (chunk: Uint8Array) => {
      delivered += chunk.length;
      if (delivered > length) fail(new SourceLengthError(length, delivered));
      else if (!this.push(chunk)) inner.pause();
    });
    inner.once('end', () => {
      if (delivered < length) return fail(new SourceLengthError(length, delivered));
      this.#inner = undefined;
      this.#next();
    });
    inner.once('error', fail);
    inner.once('close', () => {
      if (this.#inner === inner) fail(new SourceLengthError(length, delivered));
    });
  }
}
