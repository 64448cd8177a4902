/**
 * Lends buffers of one size and keeps a few that came back, so that a transfer does not ask the system for fresh memory
 * with every read: the first touch of fresh memory costs more than the copy into it.
 */
export class BufferPool {
  readonly #idle: Buffer[] = [];

  /**
   * @param size of each buffer, in bytes
   * @param kept how many are kept when they come back
   */
  constructor(
    readonly size: number,
    private readonly kept: number,
  ) {}

  acquire(): Buffer {
    return this.#idle.pop() ?? Buffer.allocUnsafeSlow(this.size);
  }

  /** Takes a buffer back that nothing reads or writes any more. */
  release(buffer: Buffer): void {
    if (this.#idle.length < this.kept) this.#idle.push(buffer);
  }
}
