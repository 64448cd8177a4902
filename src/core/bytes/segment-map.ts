import type { Readable } from 'node:stream';
import type { ByteSource } from './byte-source.js';
import { readOneByOne, readVector } from './read-vector.js';
import { SegmentStream, type Segment } from './segment-stream.js';

/** `length` bytes from `offset` of a source. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/**
 * A virtual file: bytes in memory and extents of one source, one after the other. It is a {@link ByteSource} like any
 * other, so it is sent, sliced, inspected and repaired again as a stored file is, and costs no more than its memory.
 *
 * Extents that continue each other become one, so that a read across them is one read of the source.
 */
export class SegmentMap implements ByteSource {
  readonly size: number;
  /** In the order of this file; none is empty. */
  readonly segments: readonly (Uint8Array | Extent)[];
  /** Where each segment begins in this file. */
  readonly #starts: readonly number[];

  /** Over another source with the same bytes. */
  constructor(source: ByteSource, same: SegmentMap);
  /** @throws RangeError when an extent reaches beyond the source */
  constructor(source: ByteSource, segments: readonly (Uint8Array | Extent)[]);
  constructor(
    readonly source: ByteSource,
    content: readonly (Uint8Array | Extent)[] | SegmentMap,
  ) {
    const { segments, starts, size } =
      content instanceof SegmentMap
        ? { segments: content.segments, starts: content.#starts, size: content.size }
        : layOut(content, source.size);
    this.segments = segments;
    this.#starts = starts;
    this.size = size;
  }

  /** What keeping this map costs, in bytes: the segments in memory and the list itself. */
  get weight(): number {
    return this.segments.reduce(
      (sum, segment) => sum + 64 + (segment instanceof Uint8Array ? segment.length : 0),
      0,
    );
  }

  /** The same file over another source with the same bytes: the version a cached map was made for, opened anew. */
  over(source: ByteSource): SegmentMap {
    return new SegmentMap(source, this);
  }

  /** The same file without this map's source between, where that is a map itself. */
  flatten(): SegmentMap {
    const { source } = this;
    if (!(source instanceof SegmentMap)) return this;
    const flat = this.segments.flatMap((segment) =>
      segment instanceof Uint8Array ? [segment] : source.slice(segment.offset, segment.length),
    );
    return new SegmentMap(source.source, flat).flatten();
  }

  /** The segments, cut to size, that make up `length` bytes from `offset`, or up to the end. */
  slice(offset: number, length: number): (Uint8Array | Extent)[] {
    const end = Math.min(offset + length, this.size);
    const parts: (Uint8Array | Extent)[] = [];
    for (let index = this.#indexAt(offset), at = offset; at < end; index++) {
      const segment = this.segments[index]!;
      const from = at - this.#starts[index]!;
      const taken = Math.min(segment.length - from, end - at);
      parts.push(
        segment instanceof Uint8Array
          ? segment.subarray(from, from + taken)
          : { offset: segment.offset + from, length: taken },
      );
      at += taken;
    }
    return parts;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const parts = this.slice(offset, length);
    const only = parts[0];
    if (!only) return new Uint8Array(0);
    if (parts.length === 1)
      return only instanceof Uint8Array ? only : this.source.read(only.offset, only.length);
    const target = Buffer.allocUnsafe(Math.min(length, this.size - offset));
    return target.subarray(0, await this.readInto(target, offset));
  }

  async readInto(target: Buffer, offset: number): Promise<number> {
    let filled = 0;
    for (const part of this.slice(offset, target.length)) {
      if (part instanceof Uint8Array) {
        target.set(part, filled);
        filled += part.length;
        continue;
      }
      const bytesRead = await this.source.readInto(
        target.subarray(filled, filled + part.length),
        part.offset,
      );
      filled += bytesRead;
      if (bytesRead < part.length) break;
    }
    return filled;
  }

  readNow(target: Buffer, offset: number): number | undefined {
    const { source } = this;
    let filled = 0;
    for (const part of this.slice(offset, target.length)) {
      const space = target.subarray(filled, filled + part.length);
      const bytesRead = part instanceof Uint8Array ? copy(part, space) : source.readNow?.(space, part.offset);
      if (bytesRead === undefined) return undefined;
      filled += bytesRead;
      if (bytesRead < part.length) break;
    }
    return filled;
  }

  async readVector(targets: readonly Buffer[], offset: number): Promise<number> {
    const length = targets.reduce((sum, target) => sum + target.length, 0);
    const [part, ...others] = this.slice(offset, length);
    if (part && others.length === 0 && !(part instanceof Uint8Array) && part.length === length)
      return readVector(this.source, targets, part.offset);
    return readOneByOne(this, targets, offset);
  }

  stream(offset: number, length: number): Readable {
    const { source } = this;
    return new SegmentStream(
      this.slice(offset, length).map((part): Segment =>
        part instanceof Uint8Array ? part : { source, ...part },
      ),
    );
  }

  /** The segment that holds the byte at `offset`. */
  #indexAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** @throws RangeError when an extent reaches beyond the source */
function layOut(content: readonly (Uint8Array | Extent)[], sourceSize: number) {
  const segments: (Uint8Array | Extent)[] = [];
  const starts: number[] = [];
  let size = 0;
  for (const segment of content) {
    if (segment.length === 0) continue;
    const last = segments.at(-1);
    if (!(segment instanceof Uint8Array)) {
      if (segment.offset < 0 || segment.length < 0 || segment.offset + segment.length > sourceSize)
        throw new RangeError('an extent reaches beyond the source');
      if (last && !(last instanceof Uint8Array) && last.offset + last.length === segment.offset) {
        segments[segments.length - 1] = { offset: last.offset, length: last.length + segment.length };
        size += segment.length;
        continue;
      }
    }
    starts.push(size);
    segments.push(segment);
    size += segment.length;
  }
  return { segments, starts, size };
}

function copy(from: Uint8Array, to: Buffer): number {
  to.set(from);
  return from.length;
}
