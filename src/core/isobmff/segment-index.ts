import type { BoundedReader } from './bounded-reader.js';
import type { BoxHeader } from './box-header.js';
import { Payload } from './payload.js';

/** A `sidx` box (ISO/IEC 14496-12 §8.16.3), summed up. */
export interface SegmentIndex {
  /** The track it indexes. */
  readonly referenceId: number;
  /** Presentation time in seconds at which the last of its subsegments ends. */
  readonly endTime: number;
  /** Where the last of its subsegments ends, in bytes from the start of the file. */
  readonly endOffset: number;
}

/** Bytes of a sidx that are read; 5,000 references. */
const LONGEST = 65_536;

/**
 * Reads a segment index; undefined when it is longer than {@link LONGEST} or cannot be used.
 *
 * @throws {ShortBoxError} when it is cut off; what the reader throws
 */
export async function readSegmentIndex(
  reader: BoundedReader,
  box: BoxHeader,
): Promise<SegmentIndex | undefined> {
  const length = box.size - box.headerSize;
  if (length > LONGEST) return undefined;
  const payload = new Payload(await reader.read(box.offset + box.headerSize, length));
  const wide = payload.u8(0) !== 0;
  const timescale = payload.u32(8);
  if (timescale === 0) return undefined;
  const counts = wide ? 28 : 20;
  let time = wide ? payload.u64(12) : payload.u32(12);
  let endOffset = box.offset + box.size + (wide ? payload.u64(20) : payload.u32(16));
  const count = payload.u16(counts + 2);
  for (let index = 0; index < count; index += 1) {
    const at = counts + 4 + index * 12;
    endOffset += payload.u32(at) % 2 ** 31;
    time += payload.u32(at + 4);
  }
  return { referenceId: payload.u32(4), endTime: time / timescale, endOffset };
}
