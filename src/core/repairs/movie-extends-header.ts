import { type BoundedReader, type BoxHeader, findBox, readBoxTree } from '../isobmff/index.js';
import { overwrite, type Patch } from './patch.js';

/**
 * Lets `mehd` (ISO/IEC 14496-12 §8.8.2) say how long all fragments last: the box is put first into mvex, or its 0 is
 * overwritten. No change where it says something already.
 *
 * @param duration in units of the movie's timescale
 * @throws what the reader throws
 */
export async function promiseDuration(
  reader: BoundedReader,
  moov: BoxHeader,
  duration: number,
): Promise<Patch[]> {
  const { root } = await readBoxTree(reader, moov, new Map([['mehd', 12]]));
  const mvex = findBox(root, 'mvex');
  if (!mvex) return [];
  const mehd = findBox(mvex, 'mehd');
  if (mehd) {
    const { payload } = mehd;
    const wide = payload.length >= 12 && payload.u8(0) === 1;
    if (payload.length < 8 || (wide ? payload.u64(4) : payload.u32(4)) > 0) return [];
    if (!wide && duration >= 2 ** 32) return [];
    return [overwrite(mehd.offset + mehd.headerSize + 4, wide ? u64(duration) : u32(duration))];
  }
  const bytes = Buffer.concat([u32(20), Buffer.from('mehd\x01\0\0\0', 'latin1'), u64(duration)]);
  return [
    grown(moov, bytes.length),
    grown(mvex, bytes.length),
    { offset: mvex.offset + mvex.headerSize, removed: 0, bytes },
  ];
}

/** The size field of a box that becomes longer. A box of 4 GiB has a 64-bit size or is no moov. */
function grown({ offset, size, headerSize }: BoxHeader, by: number): Patch {
  return headerSize === 16 ? overwrite(offset + 8, u64(size + by)) : overwrite(offset, u32(size + by));
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
