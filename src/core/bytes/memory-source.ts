import { Readable } from 'node:stream';
import type { ByteSource } from './byte-source.js';

/** A {@link ByteSource} over bytes that are in memory already. */
export class MemorySource implements ByteSource {
  constructor(private readonly bytes: Uint8Array) {}

  get size(): number {
    return this.bytes.length;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return Promise.resolve(this.bytes.subarray(offset, offset + length));
  }

  readInto(target: Buffer, offset: number): Promise<number> {
    return Promise.resolve(this.readNow(target, offset));
  }

  readNow(target: Buffer, offset: number): number {
    const bytes = this.bytes.subarray(offset, offset + target.length);
    target.set(bytes);
    return bytes.length;
  }

  stream(offset: number, length: number): Readable {
    const bytes = this.bytes.subarray(offset, offset + length);
    return new Readable({
      read() {
        if (bytes.length > 0) this.push(bytes);
        this.push(null);
      },
    });
  }
}
