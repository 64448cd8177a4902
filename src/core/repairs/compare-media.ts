import type { ByteSource } from '../bytes/index.js';
import {
  BoundedReader,
  type BoxNode,
  type Chunk,
  ChunkTable,
  findBox,
  findBoxes,
  LARGEST_MOOV,
  liesInside,
  payloadIn,
  readLayout,
  ShortBoxError,
} from '../isobmff/index.js';
import { type LoadedMovie, loadMovie } from './loaded-movie.js';

export interface ComparisonOptions {
  /** `some`: of each track the first chunk, the last and some between, of each its ends. Default. */
  readonly chunks?: 'some' | 'all';
  readonly signal?: AbortSignal;
}

/** Chunks of a track that are compared where not all are. */
const SOME = 16;
/** Bytes compared at a time, and at each end of a chunk where not all chunks are. */
const WINDOW = 65_536;

/**
 * Whether two movies, not fragmented, hold the same media: the same tracks with the same sample tables, and the same
 * bytes where their chunks are. Where the chunks lie, and how the samples are described, may differ.
 *
 * Costs both moov boxes in memory, and reads of 64 KiB.
 *
 * @returns undefined when they do; otherwise one plain sentence about the first difference
 * @throws what the sources throw; the signal's reason
 */
export async function compareMedia(
  before: ByteSource,
  after: ByteSource,
  { chunks = 'some', signal }: ComparisonOptions = {},
): Promise<string | undefined> {
  const [old, young] = [await findMovie(before), await findMovie(after)];
  if (typeof old === 'string') return `The file before: ${old}`;
  if (typeof young === 'string') return `The file after: ${young}`;
  const [tracks, tracksNow] = [old, young].map(({ root }) => findBoxes(root, 'trak')) as [
    BoxNode[],
    BoxNode[],
  ];
  if (tracks.length !== tracksNow.length)
    return `There are ${tracksNow.length} tracks instead of ${tracks.length}.`;
  try {
    for (const [index, trak] of tracks.entries()) {
      signal?.throwIfAborted();
      const name = `track ${index + 1}`;
      const now = tracksNow[index]!;
      if (identityOf(trak) !== identityOf(now)) return `What is ${name} is another track.`;
      const table = differingTable(old, trak, young, now);
      if (table) return `The ${table} boxes of ${name} differ.`;
      const pair = [chunkTables(old, trak), chunkTables(young, now)] as const;
      for (const [at, first] of pair[0].entries()) {
        const sources = { before, after };
        const different = await differingChunk(sources, first, pair[1][at], chunks === 'all', signal);
        if (different !== undefined) return `Chunk ${different + 1} of ${name} differs.`;
      }
    }
  } catch (error) {
    if (!(error instanceof ShortBoxError)) throw error;
    return 'A sample table claims more entries than its box holds.';
  }
  return undefined;
}

/** A moov box and what it takes to load it; a sentence where that cannot be done. */
async function findMovie(source: ByteSource): Promise<LoadedMovie | string> {
  const { boxes } = await readLayout(new BoundedReader(source), ({ type }) => type === 'moov');
  const moov = boxes.find(({ type }) => type === 'moov');
  if (!moov || !liesInside(moov, source.size)) return 'there is no complete moov box.';
  // A moov box of the largest size that can be moved may have grown by 64-bit offsets.
  if (moov.size > LARGEST_MOOV * 2) return 'the moov box is too large.';
  const movie = await loadMovie(source, moov);
  return movie.faults.length > 0 ? 'the moov box is malformed.' : movie;
}

/** Track id and type of handler, as far as they are there. */
function identityOf(trak: BoxNode): string {
  const tkhd = findBox(trak, 'tkhd')?.payload;
  const hdlr = findBox(trak, 'mdia', 'hdlr')?.payload;
  const id = tkhd?.bytes[0] === 1 ? tkhd.from(20, 24) : tkhd?.from(12, 16);
  return [id, hdlr?.from(8, 12)].map((field) => Buffer.from(field?.bytes ?? []).toString('hex')).join(' ');
}

/** What may differ: how samples are described, and what counts from the start of the file. */
const MAY_DIFFER = /^(?:stsd|stco|co64|saio)$/;

function sampleTables(trak: BoxNode): [minf: BoxNode, stbl: BoxNode][] {
  return findBoxes(trak, 'mdia')
    .flatMap((mdia) => findBoxes(mdia, 'minf'))
    .flatMap((minf) => findBoxes(minf, 'stbl').map((stbl): [BoxNode, BoxNode] => [minf, stbl]));
}

/** The type of the first box of the sample tables that is missing, new or different. */
function differingTable(
  old: LoadedMovie,
  trak: BoxNode,
  young: LoadedMovie,
  trakNow: BoxNode,
): string | undefined {
  const tables = [trak, trakNow].map((node) =>
    sampleTables(node).flatMap(([, stbl]) => stbl.children.filter(({ type }) => !MAY_DIFFER.test(type))),
  ) as [BoxNode[], BoxNode[]];
  for (let index = 0; index < Math.max(tables[0].length, tables[1].length); index += 1) {
    const [box, now] = [tables[0][index], tables[1][index]];
    if (!box || box.type !== now?.type) return (box ?? now)!.type;
    if (Buffer.compare(payloadIn(old.bytes, box).bytes, payloadIn(young.bytes, now).bytes) !== 0)
      return box.type;
  }
  return undefined;
}

function chunkTables({ bytes }: LoadedMovie, trak: BoxNode): (ChunkTable | undefined)[] {
  return sampleTables(trak).map(([minf, stbl]) => ChunkTable.of(bytes, minf, stbl));
}

/** The index of the first chunk found to differ. */
async function differingChunk(
  { before, after }: { before: ByteSource; after: ByteSource },
  table: ChunkTable | undefined,
  tableNow: ChunkTable | undefined,
  all: boolean,
  signal?: AbortSignal,
): Promise<number | undefined> {
  if (!table || !tableNow) return table === tableNow ? undefined : 0;
  if (table.count !== tableNow.count) return Math.min(table.count, tableNow.count);
  const step = all ? 1 : Math.max(1, (table.count - 1) / (SOME - 1));
  const [chunk, now] = [table.walk(), tableNow.walk()];
  for (let picked = 0; chunk.next() && now.next();) {
    if (chunk.selfContained !== now.selfContained) return chunk.index;
    if (!chunk.selfContained && chunk.offset !== now.offset) return chunk.index;
    if (chunk.index !== Math.round(picked * step)) continue;
    picked += 1;
    if (!chunk.selfContained) continue;
    signal?.throwIfAborted();
    if (!(await isSameMedia(before, chunk, after, now, all))) return chunk.index;
  }
  return undefined;
}

async function isSameMedia(
  before: ByteSource,
  chunk: Chunk,
  after: ByteSource,
  now: Chunk,
  whole: boolean,
): Promise<boolean> {
  const available = Math.min(chunk.size, Math.max(0, before.size - chunk.offset));
  if (available !== Math.min(now.size, Math.max(0, after.size - now.offset))) return false;
  const [left, right] = [Buffer.allocUnsafe(WINDOW), Buffer.allocUnsafe(WINDOW)];
  for (let at = 0; at < available; at += WINDOW) {
    if (!whole && at > 0) at = Math.max(at, available - WINDOW);
    const length = Math.min(WINDOW, available - at);
    const one = left.subarray(0, length);
    const other = right.subarray(0, length);
    const counts = [
      await before.readInto(one, chunk.offset + at),
      await after.readInto(other, now.offset + at),
    ];
    if (counts.some((count) => count < length) || !one.equals(other)) return false;
  }
  return true;
}
