import { openSync, readSync, statSync } from 'node:fs';
import type { RandomAccess } from '../../../src/core/isobmff/index.js';

/** A file as a source that counts what is asked of it. The descriptor lives as long as the test's process. */
export class FileSource implements RandomAccess {
  readonly size: number;
  bytesRead = 0;
  readonly #descriptor: number;

  constructor(path: string) {
    this.size = statSync(path).size;
    this.#descriptor = openSync(path, 'r');
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = Buffer.alloc(length);
    const count = readSync(this.#descriptor, bytes, 0, length, offset);
    this.bytesRead += count;
    return bytes.subarray(0, count);
  }
}
