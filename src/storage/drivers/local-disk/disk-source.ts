import { Readable } from 'node:stream';
import { readOneByOne, type ByteSource } from '../../../core/bytes/index.js';
import type { Descriptor } from './descriptor.js';

/** Bytes read from disk at a time, per body. */
const CHUNK = 64 * 1024;

/** What is kept of a file's beginning: the header that players ask for in pieces. */
const HEAD = 16 * 1024;

/** An open descriptor as a {@link ByteSource}. Positional reads only, so any number of bodies may share it. */
export class DiskSource implements ByteSource {
  #head: Promise<Uint8Array> | undefined;

  /** @param keepsHead whether the beginning may be kept in memory: a change of the bytes is sure to show elsewhere. */
  constructor(
    private readonly descriptor: Descriptor,
    readonly size: number,
    private readonly keepsHead = false,
  ) {}

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (!this.keepsHead || offset + length > Math.min(HEAD, this.size)) return this.#read(offset, length);
    if (!this.#head) {
      this.#head = this.#read(0, Math.min(HEAD, this.size));
      this.#head.catch(() => (this.#head = undefined));
    }
    return (await this.#head).subarray(offset, offset + length);
  }

  async #read(offset: number, length: number): Promise<Uint8Array> {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.size - offset)));
    const filled = await this.readInto(buffer, offset);
    return filled === buffer.length ? buffer : buffer.subarray(0, filled);
  }

  async readInto(target: Buffer, offset: number): Promise<number> {
    const end = Math.min(target.length, this.size - offset);
    let filled = 0;
    while (filled < end) {
      const bytesRead = await this.descriptor.read(target, filled, end - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  }

  async readVector(targets: readonly Buffer[], offset: number): Promise<number> {
    const length = targets.reduce((sum, target) => sum + target.length, 0);
    const bytesRead = offset + length > this.size ? 0 : await this.descriptor.readVector(targets, offset);
    // Less than all of it is rare: the end of the file, or the system was interrupted.
    return bytesRead === length ? length : readOneByOne(this, targets, offset);
  }

  stream(offset: number, length: number): Readable {
    const { descriptor } = this;
    const end = offset + length;
    let position = offset;
    return new Readable({
      highWaterMark: CHUNK,
      read() {
        if (position >= end) {
          this.push(null);
          return;
        }
        const buffer = Buffer.allocUnsafe(Math.min(CHUNK, end - position));
        descriptor.read(buffer, 0, buffer.length, position).then(
          (bytesRead) => {
            position += bytesRead;
            // Fewer bytes than the file had when it was opened: it shrank. The reader counts and notices.
            this.push(bytesRead === 0 ? null : buffer.subarray(0, bytesRead));
          },
          (error: Error) => this.destroy(error),
        );
      },
    });
  }
}
