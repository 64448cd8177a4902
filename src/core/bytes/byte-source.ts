import type { Readable } from 'node:stream';

/**
 * A fixed run of bytes that can be read anywhere: one pinned version of a stored file, or bytes in memory.
 * All offsets and lengths are in bytes, `0 <= offset <= size`.
 */
export interface ByteSource {
  /** Length in bytes at the moment the source was opened; never changes afterwards. */
  readonly size: number;

  /**
   * Reads `length` bytes at `offset` into memory. Meant for headers and boxes, not for bodies.
   * Resolves to fewer bytes only where the source ends first.
   */
  read(offset: number, length: number): Promise<Uint8Array>;

  /**
   * Reads from `offset` into `target`, all of it unless the source ends first. Resolves to the number of bytes read.
   */
  readInto(target: Buffer, offset: number): Promise<number>;

  /**
   * Fills the buffers one after the other, from `offset` on, in one turn; for sources that have a faster way than
   * {@link readInto} for each. Resolves to the number of bytes read, fewer only where the source ends first.
   */
  readVector?(targets: readonly Buffer[], offset: number): Promise<number>;

  /**
   * As {@link readInto}, at once, where that waits for nothing but the memory: undefined when it might, and for sources
   * that never can. The target may then have been written to.
   */
  readNow?(target: Buffer, offset: number): number | undefined;

  /**
   * Streams `length` bytes from `offset` with constant memory. The stream may end early when the bytes beneath
   * have vanished; whoever promised a length to a client wraps it in a {@link SegmentStream}.
   * Destroying the stream stops the reading, it does not close the source.
   */
  stream(offset: number, length: number): Readable;
}
