import type { BoundedReader } from './bounded-reader.js';
import { type BoxHeader, decodeBoxHeader, LONGEST_HEADER } from './box-header.js';
import { type BoxNode, findBoxes, readBoxTree } from './box-tree.js';

/** `mfro` (ISO/IEC 14496-12 §8.8.11) is always the last box, 16 bytes long, and says how long `mfra` is. */
const MFRO_SIZE = 16;

/**
 * The last fragment each `tfra` (§8.8.10) names: a way to the end of a fragmented file that was too long to be walked.
 * Empty without a usable `mfra` at the end of the file.
 *
 * @throws {ShortBoxError} when a box is cut off; what the reader throws
 */
export async function readLastFragments(reader: BoundedReader): Promise<BoxHeader[]> {
  const end = reader.size;
  const mfro = await reader.read(end - MFRO_SIZE, MFRO_SIZE);
  if (mfro.length < MFRO_SIZE || String.fromCharCode(...mfro.subarray(4, 8)) !== 'mfro') return [];
  const size = new DataView(mfro.buffer, mfro.byteOffset).getUint32(12);
  const mfra = size <= end ? await headerAt(reader, end - size) : undefined;
  if (mfra?.type !== 'mfra' || mfra.size !== size) return [];
  const { root } = await readBoxTree(reader, mfra, new Map([['tfra', 16]]));
  const fragments: BoxHeader[] = [];
  for (const tfra of findBoxes(root, 'tfra').slice(0, 16)) {
    const moof = await headerAt(reader, await lastOffset(reader, tfra));
    if (moof?.type === 'moof') fragments.push(moof);
  }
  return fragments;
}

async function headerAt(reader: BoundedReader, offset: number): Promise<BoxHeader | undefined> {
  const header = decodeBoxHeader(await reader.read(offset, LONGEST_HEADER), offset, reader.size);
  return typeof header === 'object' ? header : undefined;
}

async function lastOffset(reader: BoundedReader, { payload, ...tfra }: BoxNode): Promise<number> {
  const count = payload.u32(12);
  const width = payload.u8(0) === 1 ? 8 : 4;
  const lengths = payload.u8(11);
  const entrySize = width * 2 + (lengths & 3) + ((lengths >> 2) & 3) + ((lengths >> 4) & 3) + 3;
  const at = tfra.offset + tfra.headerSize + 16 + (count - 1) * entrySize + width;
  if (count === 0 || at + width > tfra.offset + tfra.size) return reader.size;
  const entry = await reader.read(at, width);
  if (entry.length < width) return reader.size;
  const view = new DataView(entry.buffer, entry.byteOffset, width);
  const offset = width === 8 ? Number(view.getBigUint64(0)) : view.getUint32(0);
  return Math.min(offset, reader.size);
}
