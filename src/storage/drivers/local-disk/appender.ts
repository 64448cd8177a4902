import type { FileHandle } from 'node:fs/promises';

/** Bytes that may wait for those before them to be written. */
const AHEAD = 512 * 1024;
/** Bytes after which flushing begins, while more arrive: so that the end does not wait for all of them. */
const FLUSH = 64 * 2 ** 20;

/**
 * Writes pieces one behind the other while more arrive, as many at a time as wait, and has them flushed meanwhile. A
 * piece must not be changed once it has been given.
 */
export class Appender {
  #waiting: Uint8Array[] = [];
  #ahead = 0;
  #flushed: number;
  #working: Promise<void> | undefined;
  /** The batch that is written now. Never rejects. */
  #step: Promise<void> = Promise.resolve();
  #flushing: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly file: FileHandle,
    /** Where the next byte goes. */
    private position: number,
    /** Told of each piece that is not needed any more. */
    private readonly release: (piece: Uint8Array) => void = () => undefined,
  ) {
    this.#flushed = position;
  }

  /** Takes a piece, and resolves when there is room for the next. @throws what writing or flushing threw */
  async append(bytes: Uint8Array): Promise<void> {
    this.#waiting.push(bytes);
    this.#ahead += bytes.length;
    this.#working ??= this.#work();
    while (this.#ahead >= AHEAD && this.#working !== undefined) await this.#step;
    this.#check();
  }

  /** Resolves when nothing is under way any more. @throws what writing or flushing threw */
  async settled(): Promise<void> {
    await this.#working;
    await this.#flushing.catch((error: unknown) => (this.#failure ??= { error }));
    this.#check();
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const pieces = this.#waiting;
      this.#waiting = [];
      this.#ahead = 0;
      this.#step = this.#write(pieces).catch((error: unknown) => {
        this.#failure ??= { error };
      });
      await this.#step;
      pieces.forEach(this.release);
    }
    this.#working = undefined;
  }

  async #write(pieces: Uint8Array[]): Promise<void> {
    if (this.#failure) return;
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const { bytesWritten } = await this.file.writev(pieces, this.position);
    if (bytesWritten < length)
      await writeAll(this.file, Buffer.concat(pieces).subarray(bytesWritten), this.position + bytesWritten);
    this.position += length;
    if (this.position - this.#flushed < FLUSH) return;
    this.#flushed = this.position;
    await this.#flushing;
    this.#flushing = this.file.datasync();
    // Looked at when the next one is due.
    this.#flushing.catch(() => undefined);
  }

  #check(): void {
    if (this.#failure) throw this.#failure.error;
  }
}

/** The system may take fewer bytes than it is given: when the disk gets full, the next call tells. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
