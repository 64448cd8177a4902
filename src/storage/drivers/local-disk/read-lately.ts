/** Bytes that one mark stands for. */
const PIECE = 64 * 1024;
/** How long a mark holds, in milliseconds: at least this, at most twice as long. */
const HOLDS = 30_000;
/** Files beyond this many bytes are not marked: the marks of one would take 256 KiB. */
const MOST = 128 * 2 ** 30;

/**
 * Which parts of a file were read a moment ago, and so are in the system's memory unless that is scarce: reading them
 * again waits for no disk.
 */
export class ReadLately {
  #marks: Uint8Array | undefined;
  /** Those of the time before. */
  #earlier: Uint8Array | undefined;
  #since = 0;

  /** @param size of the file, in bytes */
  constructor(private readonly size: number) {}

  mark(offset: number, length: number): void {
    if (length === 0 || this.size > MOST) return;
    this.#age();
    const marks = (this.#marks ??= this.#blank());
    for (let piece = Math.floor(offset / PIECE); piece * PIECE < offset + length; piece++)
      marks[piece >> 3]! |= 1 << (piece & 7);
  }

  has(offset: number, length: number): boolean {
    this.#age();
    const marks = this.#marks;
    const earlier = this.#earlier;
    for (let piece = Math.floor(offset / PIECE); piece * PIECE < offset + length; piece++) {
      const bits = (marks?.[piece >> 3] ?? 0) | (earlier?.[piece >> 3] ?? 0);
      if ((bits & (1 << (piece & 7))) === 0) return false;
    }
    return true;
  }

  /** What the marks take, in bytes, at most. */
  get weight(): number {
    return this.size > MOST ? 0 : (2 * this.size) / PIECE / 8;
  }

  /** The system has dropped what was read: none of it is sure to be in memory. */
  forget(): void {
    this.#marks = undefined;
    this.#earlier = undefined;
  }

  #age(): void {
    const now = performance.now();
    const age = now - this.#since;
    if (age < HOLDS) return;
    this.#earlier = age < 2 * HOLDS ? this.#marks : undefined;
    this.#marks = undefined;
    this.#since = now;
  }

  #blank(): Uint8Array {
    return new Uint8Array(Math.ceil(this.size / PIECE / 8));
  }
}
