import { Readable } from 'node:stream';
import { readOneByOne, type ByteSource } from '../../../core/bytes/index.js';
import type { Descriptor } from './descriptor.js';
import { ReadLately } from './read-lately.js';

/** Bytes read from disk at a time, per body. */
const CHUNK = 64 * 1024;

/** What is kept of a file's beginning: the header that players ask for in pieces. */
const HEAD = 16 * 1024;

/** Milliseconds within which a block comes from memory, however busy the machine: what takes longer came from the disk. */
const FROM_MEMORY = 20;

export interface DiskSourceOptions {
  /** Whether the beginning may be kept in memory: a change of the bytes is sure to show elsewhere. */
  readonly keepsHead?: boolean;
  /** Whether the file is known by now to lie on a disk of this machine, so that no read of it can wait for ever. */
  readonly isLocal?: () => boolean;
  /** What was read of this version before, by whoever had it open. */
  readonly lately?: ReadLately;
}

/** An open descriptor as a {@link ByteSource}. Positional reads only, so any number of bodies may share it. */
export class DiskSource implements ByteSource {
  #reading: Promise<Uint8Array> | undefined;
  #head: Uint8Array | undefined;
  readonly #lately: ReadLately;

  constructor(
    private readonly descriptor: Descriptor,
    readonly size: number,
    private readonly options: DiskSourceOptions = {},
  ) {
    this.#lately = options.lately ?? new ReadLately(size);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (this.#isOfHead(offset + length)) return (await this.#findHead()).subarray(offset, offset + length);
    return this.#read(offset, length);
  }

  async readInto(target: Buffer, offset: number): Promise<number> {
    const length = Math.min(target.length, this.size - offset);
    if (!this.#isOfHead(offset + length)) return this.#fill(target, offset);
    const part = (await this.#findHead()).subarray(offset, offset + length);
    target.set(part);
    return part.length;
  }

  #isOfHead(end: number): boolean {
    return this.options.keepsHead === true && end <= Math.min(HEAD, this.size);
  }

  async #findHead(): Promise<Uint8Array> {
    if (this.#head) return this.#head;
    this.#reading ??= this.#read(0, Math.min(HEAD, this.size)).finally(() => (this.#reading = undefined));
    this.#head = await this.#reading;
    return this.#head;
  }

  async #read(offset: number, length: number): Promise<Uint8Array> {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.size - offset)));
    const filled = await this.#fill(buffer, offset);
    return filled === buffer.length ? buffer : buffer.subarray(0, filled);
  }

  async #fill(target: Buffer, offset: number): Promise<number> {
    const end = Math.min(target.length, this.size - offset);
    let filled = 0;
    while (filled < end) {
      const bytesRead = await this.descriptor.read(target, filled, end - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.#lately.mark(offset, filled);
    return filled;
  }

  /** What is kept of the beginning, or was read from a disk of this machine a moment ago. */
  readNow(target: Buffer, offset: number): number | undefined {
    const end = Math.min(target.length, this.size - offset);
    const head = this.#head;
    if (head && offset + end <= head.length) {
      target.set(head.subarray(offset, offset + end));
      return end;
    }
    if (!this.options.isLocal?.() || !this.#lately.has(offset, end)) return undefined;
    const begun = performance.now();
    let filled = 0;
    while (filled < end) {
      const bytesRead = this.descriptor.readNow(target, filled, end - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    if (performance.now() - begun > FROM_MEMORY) this.#lately.forget();
    this.#lately.mark(offset, filled);
    return filled;
  }

  async readVector(targets: readonly Buffer[], offset: number): Promise<number> {
    const length = targets.reduce((sum, target) => sum + target.length, 0);
    const bytesRead = offset + length > this.size ? 0 : await this.descriptor.readVector(targets, offset);
    // Less than all of it is rare: the end of the file, or the system was interrupted.
    if (bytesRead !== length) return readOneByOne(this, targets, offset);
    this.#lately.mark(offset, length);
    return length;
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
