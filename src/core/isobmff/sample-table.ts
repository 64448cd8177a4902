import type { BoundedReader } from './bounded-reader.js';
import { type BoxNode, findBox } from './box-tree.js';

/** What the tables of a track say, read without their entries. */
export interface SampleTable {
  readonly sampleCount: number | null;
  /** Where the first and the last chunk begin, in bytes from the start of the file; null without chunks. */
  readonly firstChunk: number | null;
  readonly lastChunk: number | null;
  /** Types of tables that claim more entries than their box can hold. */
  readonly overfull: readonly string[];
}

interface TableForm {
  /** Bytes before the number of entries, and of one entry. */
  readonly countAt: number;
  readonly entrySize: number;
}

const TABLES: Record<string, TableForm> = {
  stts: { countAt: 4, entrySize: 8 },
  ctts: { countAt: 4, entrySize: 8 },
  stsc: { countAt: 4, entrySize: 12 },
  stss: { countAt: 4, entrySize: 4 },
  stco: { countAt: 4, entrySize: 4 },
  co64: { countAt: 4, entrySize: 8 },
};

/** Payload bytes to load of each table: the count, and of some the first entry. */
export const TABLE_HEADS: readonly (readonly [string, number])[] = [
  ...['stsc', 'stss'].map((type) => [type, 8] as const),
  ['ctts', 16],
  ...['stsz', 'stz2'].map((type) => [type, 12] as const),
  ['stco', 12],
  ['co64', 16],
];

/**
 * Reads what the heads of the tables below `stbl` say, and one entry more: the last chunk's offset.
 * Four billion samples cost no more than one.
 *
 * @throws what the reader throws, {ShortBoxError} when a table is shorter than its head
 */
export async function readSampleTable(reader: BoundedReader, stbl: BoxNode): Promise<SampleTable> {
  const overfull = stbl.children.filter((box) => isOverfull(box)).map(({ type }) => type);
  const sizes = findBox(stbl, 'stsz') ?? findBox(stbl, 'stz2');
  const chunks = findBox(stbl, 'stco') ?? findBox(stbl, 'co64');
  const sampleCount = sizes ? sizes.payload.u32(8) : null;
  const chunkCount = chunks?.payload.u32(4) ?? 0;
  if (!chunks || chunkCount === 0 || overfull.includes(chunks.type)) {
    return { sampleCount, firstChunk: null, lastChunk: null, overfull };
  }
  const firstChunk = offsetAt(chunks.payload.bytes.subarray(8));
  if (chunkCount === 1) return { sampleCount, firstChunk, lastChunk: firstChunk, overfull };
  const { entrySize } = TABLES[chunks.type]!;
  const at = chunks.offset + chunks.headerSize + 8 + (chunkCount - 1) * entrySize;
  const entry = await reader.read(at, entrySize);
  const lastChunk = entry.length === entrySize ? offsetAt(entry) : null;
  return { sampleCount, firstChunk, lastChunk, overfull };
}

function isOverfull(box: BoxNode): boolean {
  const room = box.size - box.headerSize;
  const form = TABLES[box.type];
  if (form) return box.payload.u32(form.countAt) * form.entrySize > room - form.countAt - 4;
  // ISO/IEC 14496-12 §8.7.3: a table only where the samples differ in size.
  if (box.type === 'stsz') return box.payload.u32(4) === 0 && box.payload.u32(8) * 4 > room - 12;
  if (box.type === 'stz2') return (box.payload.u32(8) * box.payload.u8(7)) / 8 > room - 12;
  return false;
}

function offsetAt(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.length >= 8 ? Number(view.getBigUint64(0)) : view.getUint32(0);
}
