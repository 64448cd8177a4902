import { type ByteSource, MemorySource, SourceLengthError } from '../bytes/index.js';
import { BoundedReader, type BoxHeader, type BoxTree, readBoxTree } from '../isobmff/index.js';

/** A moov box in memory. */
export interface LoadedMovie extends BoxTree {
  /** Offsets of boxes count from the start of these. */
  readonly bytes: Uint8Array;
}

/** Payload bytes to load while walking: handlers, and which media lies in which file. */
export const MOVIE_PAYLOADS: ReadonlyMap<string, number> = new Map([
  ['dref', 65_536],
  ['hdlr', 16],
  ['tkhd', 32],
]);

/**
 * Reads a moov box into memory, all of it: the caller has looked at its size.
 *
 * @throws {SourceLengthError} when the source ends before the box does; what the source throws
 */
export async function loadMovie(source: ByteSource, moov: BoxHeader): Promise<LoadedMovie> {
  const bytes = Buffer.allocUnsafeSlow(moov.size);
  const bytesRead = await source.readInto(bytes, moov.offset);
  if (bytesRead < moov.size) throw new SourceLengthError(moov.size, bytesRead);
  // In memory reading costs nothing; the number of boxes is bounded by the walk itself.
  const reader = new BoundedReader(new MemorySource(bytes), { bytes: Infinity, reads: Infinity });
  return { bytes, ...(await readBoxTree(reader, { ...moov, offset: 0 }, MOVIE_PAYLOADS)) };
}
