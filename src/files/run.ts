import { BlockPool, readVector, SourceLengthError, type ByteSource } from '../core/bytes/index.js';

/**
 * What a client that takes nothing holds in memory at most: many do at a time. Everybody gets one; reading ahead takes
 * more of them while there are not too many about.
 */
const SMALL = new BlockPool(8 * 1024, 512);
/** For clients that take what they get: fewer and larger pieces cost less. When all are lent, small ones do. */
const LARGE = new BlockPool(512 * 1024, 32);
/** How many small blocks are read at a time. */
export const MOST_AHEAD = 16;

/** Blocks of memory with bytes of a source, one after the other: read, and not yet written. */
export class Run {
  private constructor(
    private readonly pool: BlockPool,
    private readonly blocks: Buffer[],
    readonly length: number,
  ) {}

  /**
   * One block, at once; undefined where that might wait for a disk.
   * @param length bytes that are wanted, of which the run has a part
   * @throws SourceLengthError when the source ends first; what the source throws
   */
  static now(source: ByteSource, offset: number, length: number, isQuick: boolean): Run | undefined {
    if (!source.readNow) return undefined;
    const run = Run.#empty(length, isQuick, 1);
    try {
      const bytesRead = source.readNow(run.blocks[0]!.subarray(0, run.length), offset);
      if (bytesRead !== undefined) return run.#filled(bytesRead);
      run.giveBack();
      return undefined;
    } catch (error) {
      run.giveBack();
      throw error;
    }
  }

  /**
   * As many blocks as may be, in one turn of a thread.
   * @param most blocks
   * @throws as {@link now}
   */
  static async ahead(
    source: ByteSource,
    offset: number,
    length: number,
    isQuick: boolean,
    most: number,
  ): Promise<Run> {
    const run = Run.#empty(length, isQuick, most);
    try {
      return run.#filled(await readVector(source, run.#targets(), offset));
    } catch (error) {
      run.giveBack();
      throw error;
    }
  }

  static #empty(length: number, isQuick: boolean, most: number): Run {
    const large = isQuick && length > SMALL.size ? LARGE.acquire() : undefined;
    if (large) return new Run(LARGE, [large], Math.min(length, LARGE.size));
    const blocks = [SMALL.require()];
    for (let wanted = Math.min(most, Math.ceil(length / SMALL.size)); blocks.length < wanted;) {
      const block = SMALL.acquire();
      if (!block) break;
      blocks.push(block);
    }
    return new Run(SMALL, blocks, Math.min(length, blocks.length * SMALL.size));
  }

  /** Whether there are blocks that were not taken. */
  get isLeft(): boolean {
    return this.blocks.length > 0;
  }

  /** The next block, which the caller gives back by {@link release}. */
  take(): Buffer | undefined {
    return this.blocks.shift();
  }

  release(block: Buffer): void {
    this.pool.release(block);
  }

  /** Gives back what was not taken. */
  giveBack(): void {
    for (const block of this.blocks.splice(0)) this.pool.release(block);
  }

  #targets(): Buffer[] {
    return this.blocks.map((block, index) => block.subarray(0, this.length - index * block.length));
  }

  #filled(bytesRead: number): this {
    if (bytesRead !== this.length) throw new SourceLengthError(this.length, bytesRead);
    return this;
  }
}
