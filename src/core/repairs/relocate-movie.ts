import { setImmediate } from 'node:timers/promises';
import { type BoxNode, ChunkTable, findBox, findBoxes, payloadIn, ShortBoxError } from '../isobmff/index.js';
import { Refusal } from './refusal.js';
import { findItemLocations, type ItemLocations, relocateItems } from './relocate-items.js';
import type { OffsetMap, Rewritten } from './relocate-offsets.js';

const MAX_U32 = 2 ** 32 - 1;
/** Chunks looked at in a row, in about ten milliseconds; films have some ten thousand. */
const TURN = 2 ** 18;

/** Lets others run between millions of chunks. */
async function pause(signal?: AbortSignal): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}

/** What of one sample table counts from the start of the file. */
interface TrackOffsets {
  /** From moov down to stbl. */
  readonly path: readonly BoxNode[];
  readonly chunks: ChunkTable | undefined;
  /** `saio` boxes. */
  readonly auxiliary: readonly BoxNode[];
  /** Whether its table of sample sizes says bytes. */
  readonly sizesAreBytes: boolean;
}

/** A moov box in memory, and all in it that counts from the start of the file (ISO/IEC 14496-12). */
export interface MovieOffsets {
  /** Offsets of boxes count from the start of these; they are written in place. */
  readonly bytes: Uint8Array;
  readonly root: BoxNode;
  readonly tracks: readonly TrackOffsets[];
  readonly items: readonly ItemLocations[];
}

/** @throws {ShortBoxError} when a table claims more entries than its box holds */
export function findOffsets(bytes: Uint8Array, root: BoxNode): MovieOffsets {
  const tracks = [...paths([root], ['trak', 'mdia', 'minf', 'stbl'])].map((path): TrackOffsets => {
    const [, , mdia, minf, stbl] = path as [BoxNode, BoxNode, BoxNode, BoxNode, BoxNode];
    const chunks = ChunkTable.of(bytes, minf, stbl);
    const hdlr = findBox(mdia, 'hdlr')?.payload;
    const isSound = hdlr !== undefined && hdlr.length >= 12 && hdlr.type(8) === 'soun';
    // QuickTime counts the frames of sound as samples of one byte, whatever their size.
    const sizesAreBytes = !(isSound && chunks?.sizes.uniform === 1);
    return { path, chunks, auxiliary: findBoxes(stbl, 'saio'), sizesAreBytes };
  });
  return { bytes, root, tracks, items: [...findItemLocations(root)] };
}

/** Each way down from the last of `above` along these types. */
function* paths(above: readonly BoxNode[], types: readonly string[]): Generator<readonly BoxNode[]> {
  const [type, ...below] = types;
  if (type === undefined) yield above;
  else for (const node of findBoxes(above.at(-1)!, type)) yield* paths([...above, node], below);
}

/**
 * What of the moov box at `offset` of the file is rewritten when it moves.
 *
 * @param upgraded the tables that become `co64`
 */
export function rewrittenIn(
  { root, tracks, items }: MovieOffsets,
  offset: number,
  upgraded: ReadonlySet<ChunkTable>,
): Rewritten[] {
  const headers = new Set([root, ...tracks.flatMap(({ path }) => path)]);
  const tables = tracks.flatMap(({ chunks }) => chunks ?? []);
  const boxes = [...tracks.flatMap(({ auxiliary }) => auxiliary), ...items.map(({ iloc }) => iloc)];
  return [
    ...[...headers].map((box) => ({ offset: box.offset, size: box.headerSize, growth: 0 })),
    ...tables.map((table) => ({ ...extentOf(table.box), growth: upgraded.has(table) ? table.count * 4 : 0 })),
    ...boxes.map((box) => ({ ...extentOf(box), growth: 0 })),
  ].map((area) => ({ ...area, offset: offset + area.offset }));
}

function extentOf({ offset, size }: BoxNode): { offset: number; size: number } {
  return { offset, size };
}

/**
 * The tables that must become `co64` so that every offset fits: none, or all that hold an offset that moves. One table
 * that grows moves what all others point to, so that to grow all at once needs no second look.
 *
 * @param map of a movie that does not grow
 * @throws {Refusal} when a chunk would be torn apart; the signal's reason
 */
export async function tablesToUpgrade(
  { tracks }: MovieOffsets,
  map: OffsetMap,
  signal?: AbortSignal,
): Promise<ReadonlySet<ChunkTable>> {
  const short = new Set<ChunkTable>();
  let overflows = false;
  for (const { chunks, sizesAreBytes } of tracks) {
    if (!chunks) continue;
    for (const chunk = chunks.walk(); chunk.next();) {
      if (chunk.index % TURN === TURN - 1) await pause(signal);
      if (!chunk.selfContained) continue;
      const { offset } = chunk;
      if (sizesAreBytes && !map.keeps(offset, chunk.size))
        throw new Refusal(
          'media-across-boxes',
          'Some media lies across boxes that would part, or in the index.',
        );
      if (chunks.box.type !== 'stco') continue;
      short.add(chunks);
      overflows ||= map.map(offset) > MAX_U32;
    }
  }
  return overflows ? short : new Set();
}

/**
 * The moov box with new offsets: its own bytes, written in place, around the tables that became `co64`.
 *
 * @throws {ShortBoxError} when a table claims more entries than its box holds
 * @throws {Refusal} when an offset does not fit into its field; the signal's reason
 */
export async function relocateMovie(
  movie: MovieOffsets,
  upgraded: ReadonlySet<ChunkTable>,
  map: OffsetMap,
  signal?: AbortSignal,
): Promise<Uint8Array[]> {
  const { bytes, root, tracks, items } = movie;
  const growth = new Map<BoxNode, number>([[root, 0]]);
  const wider: { box: BoxNode; bytes: Uint8Array }[] = [];
  for (const { path, chunks, auxiliary } of tracks) {
    for (const saio of auxiliary) relocateAuxiliary(payloadIn(bytes, saio).bytes, chunks, map);
    if (!chunks) continue;
    if (upgraded.has(chunks)) {
      wider.push({ box: chunks.box, bytes: await asCo64(bytes, chunks, map, signal) });
      for (const box of path) growth.set(box, (growth.get(box) ?? 0) + chunks.count * 4);
    } else await relocateChunks(chunks, map, signal);
  }
  for (const locations of items) relocateItems(payloadIn(bytes, locations.iloc).bytes, locations, map);
  for (const [box, more] of growth) writeSize(bytes, box, box.size + more);
  const segments: Uint8Array[] = [];
  let at = 0;
  for (const table of wider.sort((a, b) => a.box.offset - b.box.offset)) {
    segments.push(bytes.subarray(at, table.box.offset), table.bytes);
    at = table.box.offset + table.box.size;
  }
  return [...segments, bytes.subarray(at)];
}

async function relocateChunks(chunks: ChunkTable, map: OffsetMap, signal?: AbortSignal): Promise<void> {
  const view = viewOf(chunks.table.bytes);
  const write = (index: number, offset: number) =>
    chunks.box.type === 'co64'
      ? view.setBigUint64(8 + index * 8, BigInt(offset))
      : view.setUint32(8 + index * 4, offset);
  for (const chunk = chunks.walk(); chunk.next();) {
    if (chunk.index % TURN === TURN - 1) await pause(signal);
    const { offset } = chunk;
    const moved = chunk.selfContained ? map.map(offset) : offset;
    if (moved !== offset) write(chunk.index, moved);
  }
}

/** The same table with offsets of 64 bits, and what its box holds behind them (ISO/IEC 14496-12 §8.7.5). */
async function asCo64(
  movie: Uint8Array,
  chunks: ChunkTable,
  map: OffsetMap,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { box, count } = chunks;
  const head = box.headerSize + 8;
  const wider = Buffer.alloc(box.size + count * 4);
  wider.set(movie.subarray(box.offset, box.offset + head));
  wider.write('co64', 4, 'latin1');
  writeSize(wider, { ...box, offset: 0 }, wider.length);
  for (const chunk = chunks.walk(); chunk.next();) {
    if (chunk.index % TURN === TURN - 1) await pause(signal);
    const offset = chunk.selfContained ? map.map(chunk.offset) : chunk.offset;
    wider.writeBigUInt64BE(BigInt(offset), head + chunk.index * 8);
  }
  wider.set(movie.subarray(box.offset + head + count * 4, box.offset + box.size), head + count * 8);
  return wider;
}

/** SampleAuxiliaryInformationOffsetsBox (§8.7.9): one offset for each chunk, or one for all. */
function relocateAuxiliary(payload: Uint8Array, chunks: ChunkTable | undefined, map: OffsetMap): void {
  const view = viewOf(payload);
  if (payload.length < 8) throw new ShortBoxError();
  const hasType = (view.getUint32(0) & 1) === 1;
  const wide = view.getUint8(0) > 0;
  const start = hasType ? 16 : 8;
  const count = payload.length < start ? 0 : view.getUint32(start - 4);
  if (payload.length < start || count * (wide ? 8 : 4) > payload.length - start) throw new ShortBoxError();
  const chunk = chunks?.walk();
  for (let index = 0; index < count; index += 1) {
    if (chunk?.next() && !chunk.selfContained) continue;
    const at = start + index * (wide ? 8 : 4);
    const offset = wide ? Number(view.getBigUint64(at)) : view.getUint32(at);
    if (!map.keeps(offset, 1))
      throw new Refusal('media-across-boxes', 'Auxiliary information of samples lies in the index of media.');
    const moved = map.map(offset);
    if (moved === offset) continue;
    if (wide) view.setBigUint64(at, BigInt(moved));
    else if (moved <= MAX_U32) view.setUint32(at, moved);
    else
      throw new Refusal(
        'offset-overflow',
        'The new place of auxiliary information does not fit into its field.',
      );
  }
}

function writeSize(bytes: Uint8Array, { offset, headerSize }: BoxNode, size: number): void {
  const view = viewOf(bytes);
  if (headerSize === 16) view.setBigUint64(offset + 8, BigInt(size));
  else view.setUint32(offset, size);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
