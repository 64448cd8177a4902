import type { ByteSource } from '../bytes/index.js';

/** What an inspection needs of a source: it never streams. */
export type RandomAccess = Pick<ByteSource, 'size' | 'read'>;

/** What one inspection may cost, whatever the file says. */
export interface ReadBudget {
  /** Bytes asked of the source in all. */
  readonly bytes: number;
  /** Calls of {@link ByteSource.read} in all. */
  readonly reads: number;
}

export const DEFAULT_BUDGET: ReadBudget = { bytes: 32 * 2 ** 20, reads: 24_000 };

/** The first read: holds the signature of any container, and of most movies ftyp and the start of moov. */
const FIRST_READ = 4096;
/** Read at the target of a jump: a box header, and a whole movie fragment or small box behind it. */
const SHORTEST_READ = 1024;
const LONGEST_READ = 65_536;

/** Thrown when a file would cost more than its {@link ReadBudget}; {@link inspectIsoBmff} turns it into a problem. */
export class BudgetError extends Error {
  constructor() {
    super('the file costs more reading than one inspection may spend');
    this.name = 'BudgetError';
  }
}

/**
 * Small reads over a {@link ByteSource} through one window: short after a jump, longer the further reading goes on
 * in one direction. Counts what it asks for and stops at its budget.
 */
export class BoundedReader {
  #window: Uint8Array = new Uint8Array(0);
  #offset = 0;
  #readAhead = FIRST_READ;
  #bytesRead = 0;
  #reads = 0;

  constructor(
    private readonly source: RandomAccess,
    private readonly budget: ReadBudget = DEFAULT_BUDGET,
  ) {}

  /** Length of the source in bytes. */
  get size(): number {
    return this.source.size;
  }

  /** Bytes asked of the source so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Calls of the source so far. */
  get reads(): number {
    return this.#reads;
  }

  /**
   * The bytes at `offset`, fewer than `length` only where the source ends first. What it returns is valid until the
   * caller lets go of it; nothing writes to it.
   *
   * @throws {BudgetError} and whatever the source throws
   */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.size);
    if (offset >= end) return new Uint8Array(0);
    if (offset < this.#offset || end > this.#offset + this.#window.length) await this.#fill(offset, end);
    return this.#window.subarray(offset - this.#offset, end - this.#offset);
  }

  async #fill(offset: number, end: number): Promise<void> {
    const windowEnd = this.#offset + this.#window.length;
    const goesOn = offset >= this.#offset && offset <= windowEnd;
    if (this.#reads > 0) {
      this.#readAhead = goesOn ? Math.min(LONGEST_READ, this.#readAhead * 2) : SHORTEST_READ;
    }
    const length = Math.min(Math.max(end - offset, this.#readAhead), this.size - offset);
    this.#reads += 1;
    this.#bytesRead += length;
    if (this.#reads > this.budget.reads || this.#bytesRead > this.budget.bytes) throw new BudgetError();
    this.#window = await this.source.read(offset, length);
    this.#offset = offset;
  }
}
