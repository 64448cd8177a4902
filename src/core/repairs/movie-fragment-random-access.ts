import {
  type BoundedReader,
  type BoxHeader,
  type BoxNode,
  findBoxes,
  readBoxTree,
} from '../isobmff/index.js';
import { overwrite, type Patch } from './patch.js';

/** Bytes of one `mfra` that are loaded: about 100,000 entries. */
const LONGEST = 2 ** 21;
const ENTRIES = 16;

/**
 * The tables of a `mfra` box (ISO/IEC 14496-12 §8.8.9) for a file into which `inserted` bytes were put at `from`: their
 * offsets of fragments count from the start of the file. Undefined when a table is damaged, too long, or has no room
 * for an offset.
 */
export async function shiftRandomAccess(
  reader: BoundedReader,
  mfra: BoxHeader,
  from: number,
  inserted: number,
): Promise<Patch[] | undefined> {
  if (mfra.size > LONGEST) return undefined;
  const { root, faults } = await readBoxTree(reader, mfra, new Map([['tfra', LONGEST]]));
  if (faults.length > 0) return undefined;
  const patches: Patch[] = [];
  for (const tfra of findBoxes(root, 'tfra')) {
    const shifted = shiftTable(tfra, from, inserted);
    if (!shifted) return undefined;
    patches.push(overwrite(tfra.offset + tfra.headerSize, shifted));
  }
  return patches;
}

/** Of one `tfra` (§8.8.10): time and offset in 32 or 64 bits, then three numbers of one to four bytes each. */
function shiftTable({ payload }: BoxNode, from: number, inserted: number): Buffer | undefined {
  if (payload.length < ENTRIES) return undefined;
  const table = Buffer.from(payload.bytes);
  const width = payload.u8(0) === 1 ? 8 : 4;
  const lengths = payload.u8(11);
  const entrySize = width * 2 + (lengths & 3) + ((lengths >> 2) & 3) + ((lengths >> 4) & 3) + 3;
  const count = payload.u32(12);
  if (ENTRIES + count * entrySize > payload.length) return undefined;
  for (let at = ENTRIES + width; at < ENTRIES + count * entrySize; at += entrySize) {
    const offset = width === 8 ? payload.u64(at) : payload.u32(at);
    if (offset < from) continue;
    const shifted = offset + inserted;
    if (width === 4 && shifted > 0xffff_ffff) return undefined;
    if (width === 8) table.writeBigUInt64BE(BigInt(shifted), at);
    else table.writeUInt32BE(shifted, at);
  }
  return table;
}
