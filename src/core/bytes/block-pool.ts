/** How long a block lies unused before its memory is given up, in milliseconds: at least this, at most twice as long. */
const REST = 1000;

/**
 * Lends blocks of memory of one size and keeps those that come back, so that a transfer does not ask the system for
 * fresh memory with every read: the first touch of fresh memory costs more than the copy into it. What nobody needed for
 * a while is let go.
 */
export class BlockPool {
  readonly #idle: Buffer[] = [];
  #lent = 0;
  /** The fewest that were idle since the last look: so many were not needed. */
  #unused = 0;
  #trimmer: NodeJS.Timeout | undefined;

  /**
   * @param size of each block, in bytes
   * @param limit how many may be lent at a time, but for those that somebody cannot go on without
   */
  constructor(
    readonly size: number,
    private readonly limit: number,
  ) {}

  /** How many blocks are kept for the next who asks. */
  get idle(): number {
    return this.#idle.length;
  }

  /** Undefined when as many as may be are lent. */
  acquire(): Buffer | undefined {
    return this.#lent < this.limit ? this.require() : undefined;
  }

  /** One more than may be lent, if it must be. */
  require(): Buffer {
    this.#lent++;
    const block = this.#idle.pop() ?? Buffer.allocUnsafeSlow(this.size);
    this.#unused = Math.min(this.#unused, this.#idle.length);
    return block;
  }

  /** Takes a block back that nothing reads or writes any more. */
  release(block: Buffer): void {
    this.#lent--;
    this.#idle.push(block);
    if (!this.#trimmer) this.#trimLater();
  }

  #trim(): void {
    this.#idle.splice(0, this.#unused);
    this.#unused = this.#idle.length;
    this.#trimmer = undefined;
    if (this.#unused > 0) this.#trimLater();
  }

  #trimLater(): void {
    this.#trimmer = setTimeout(() => this.#trim(), REST).unref();
  }
}
