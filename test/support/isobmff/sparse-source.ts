import { Readable } from 'node:stream';
import type { ByteSource } from '../../../src/core/bytes/index.js';

/** Bytes at an offset; between pieces there are zeros. */
export interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A source of any size that costs only its pieces, counts what is asked of it and fails on a read out of bounds. */
export class SparseSource implements ByteSource {
  reads = 0;
  bytesRead = 0;

  constructor(
    readonly size: number,
    /** In order of their offsets, without overlap. */
    private readonly pieces: readonly Piece[],
  ) {}

  static of(bytes: Uint8Array): SparseSource {
    return new SparseSource(bytes.length, [{ offset: 0, bytes }]);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const isRange = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length > 0;
    if (!isRange || offset + length > this.size) {
      throw new RangeError(`read of ${length} bytes at ${offset} of ${this.size}`);
    }
    this.reads += 1;
    this.bytesRead += length;
    const result = Buffer.alloc(length);
    for (let index = this.#firstAfter(offset); index < this.pieces.length; index += 1) {
      const { offset: at, bytes } = this.pieces[index]!;
      if (at >= offset + length) break;
      const from = Math.max(offset, at);
      const to = Math.min(offset + length, at + bytes.length);
      if (from < to) result.set(bytes.subarray(from - at, to - at), from - offset);
    }
    return result;
  }

  async readInto(target: Buffer, offset: number): Promise<number> {
    const length = Math.min(target.length, this.size - offset);
    if (length <= 0) return 0;
    target.set(await this.read(offset, length));
    return length;
  }

  stream(offset: number, length: number): Readable {
    const read = this.read.bind(this);
    return Readable.from(
      (async function* () {
        for (let at = offset; at < offset + length; at += 65_536)
          yield await read(at, Math.min(65_536, offset + length - at));
      })(),
    );
  }

  /** The first piece that ends behind `offset`. */
  #firstAfter(offset: number): number {
    let [low, high] = [0, this.pieces.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const piece = this.pieces[middle]!;
      if (piece.offset + piece.bytes.length <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
