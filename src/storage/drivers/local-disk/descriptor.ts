import { close, open, read, readSync, readv } from 'node:fs';

/**
 * An open descriptor. Plain numbers, not the promised handles of `node:fs/promises`, which cost a third more on every
 * read; what those do for safety is done here: closing waits for reads under way, since the system may give the number
 * to another file at once, and closing twice is harmless.
 */
export class Descriptor {
  #reading = 0;
  #closed: Promise<void> | undefined;
  #close: (() => void) | undefined;

  private constructor(readonly fd: number) {}

  /** @throws what `open` of `node:fs` throws */
  static open(file: string, flags: number | string): Promise<Descriptor> {
    return new Promise((resolve, reject) => {
      open(file, flags, (error, fd) => (error ? reject(error) : resolve(new Descriptor(fd))));
    });
  }

  /** Reads into `buffer` from `position` of the file; resolves to the number of bytes, 0 at its end. */
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<number> {
    return this.#begin((done) => read(this.fd, buffer, offset, length, position, done));
  }

  /** As {@link read}, holding up everybody until it is done. */
  readNow(buffer: Buffer, offset: number, length: number, position: number): number {
    if (this.#closed) throw new Error('the descriptor is closed');
    return readSync(this.fd, buffer, offset, length, position);
  }

  /** Reads into the buffers one after the other; resolves to the number of bytes, 0 at the end of the file. */
  readVector(buffers: readonly Buffer[], position: number): Promise<number> {
    return this.#begin((done) => readv(this.fd, buffers, position, done));
  }

  #begin(start: (done: (error: Error | null, bytesRead: number) => void) => void): Promise<number> {
    if (this.#closed) return Promise.reject(new Error('the descriptor is closed'));
    this.#reading++;
    return new Promise((resolve, reject) => {
      start((error, bytesRead) => {
        this.#reading--;
        if (this.#reading === 0) this.#close?.();
        if (error) reject(error);
        else resolve(bytesRead);
      });
    });
  }

  close(): Promise<void> {
    this.#closed ??= new Promise((resolve, reject) => {
      this.#close = () => close(this.fd, (error) => (error ? reject(error) : resolve()));
      if (this.#reading === 0) this.#close();
    });
    return this.#closed;
  }
}
