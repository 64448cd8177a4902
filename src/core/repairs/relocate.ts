import { type ByteSource, SegmentMap } from '../bytes/index.js';
import {
  type BoundedReader,
  type BoxHeader,
  findBox,
  readBoxTree,
  type TreeFault,
} from '../isobmff/index.js';
import { type LoadedMovie, loadMovie, MOVIE_PAYLOADS } from './loaded-movie.js';
import { Refusal } from './refusal.js';
import { findItemLocations, type ItemLocations, relocateItems } from './relocate-items.js';
import { findOffsets, relocateMovie, rewrittenIn, tablesToUpgrade } from './relocate-movie.js';
import { OffsetMap } from './relocate-offsets.js';

/** Bytes to put in place of `size` bytes at `offset`. */
interface Edit {
  readonly offset: number;
  readonly size: number;
  readonly bytes: readonly Uint8Array[];
}

/** A file whose moov box was moved. */
export interface Relocated {
  readonly map: SegmentMap;
  /** How many tables of chunk offsets became 64-bit. */
  readonly upgraded: number;
}

/**
 * The same file with its moov box at `target`, and everything in it that counts from the start of the file counted
 * anew: chunk offsets, auxiliary information and items. All other bytes stay, and stay in order.
 *
 * The moov box is read into memory once and written there.
 *
 * @param boxes the top level
 * @param target where moov goes: the end of a box in front of it, or 0
 * @throws {Refusal} when that cannot be done; {@link ShortBoxError} when a table is longer than its box;
 * what the source and the reader throw; the signal's reason
 */
export async function relocate(
  source: ByteSource,
  reader: BoundedReader,
  boxes: readonly BoxHeader[],
  moov: BoxHeader,
  target: number,
  signal?: AbortSignal,
): Promise<Relocated> {
  const items = await readItemLocations(reader, boxes);
  signal?.throwIfAborted();
  const loaded = await loadMovie(source, moov);
  refuseUnreadable(loaded);
  signal?.throwIfAborted();
  const movie = findOffsets(loaded.bytes, loaded.root);
  const itemAreas = items.map(({ iloc }) => ({ offset: iloc.offset, size: iloc.size, growth: 0 }));
  const mapFor = (upgraded: Parameters<typeof rewrittenIn>[2]) =>
    new OffsetMap(moov, target, [...rewrittenIn(movie, moov.offset, upgraded), ...itemAreas]);
  const upgraded = await tablesToUpgrade(movie, mapFor(new Set()), signal);
  signal?.throwIfAborted();
  const offsets = mapFor(upgraded);
  for (const item of items) relocateItems(item.payload, item, offsets);
  const edits: Edit[] = [
    { offset: target, size: 0, bytes: await relocateMovie(movie, upgraded, offsets, signal) },
    { offset: moov.offset, size: moov.size, bytes: [] },
    ...items.map(({ iloc, payload }) => ({
      offset: iloc.offset + iloc.headerSize,
      size: payload.length,
      bytes: [payload],
    })),
  ];
  return { map: apply(source, edits), upgraded: upgraded.size };
}

function refuseUnreadable({ root, faults }: LoadedMovie): void {
  if (findBox(root, 'cmov'))
    throw new Refusal('compressed-moov', 'The moov box is compressed; its offsets cannot be changed.');
  const [fault] = faults;
  if (fault) throw new Refusal('malformed-moov', describe(fault));
  if (!findBox(root, 'mvhd')) throw new Refusal('malformed-moov', 'The moov box has no header.');
  if (findBox(root, 'mvex'))
    throw new Refusal('fragmented', 'The movie is fragmented, with media in front of its moov box.');
}

function describe({ kind, within }: TreeFault): string {
  if (kind === 'too-deep') return 'The boxes in the moov box are nested too deeply.';
  if (kind === 'too-many-boxes') return 'There are too many boxes in the moov box.';
  return `What stands in the ${within} box is no box, or larger than it.`;
}

interface LoadedItemLocations extends ItemLocations {
  /** A copy, to be written. */
  readonly payload: Uint8Array;
}

/** The item locations of the meta boxes beside moov. */
async function readItemLocations(
  reader: BoundedReader,
  boxes: readonly BoxHeader[],
): Promise<LoadedItemLocations[]> {
  const items: LoadedItemLocations[] = [];
  for (const meta of boxes.filter(({ type }) => type === 'meta')) {
    const { root } = await readBoxTree(reader, meta, MOVIE_PAYLOADS);
    for (const found of findItemLocations(root)) {
      const { offset, headerSize, size } = found.iloc;
      const payload = Buffer.from(await reader.read(offset + headerSize, size - headerSize));
      items.push({ ...found, payload });
    }
  }
  return items;
}

function apply(source: ByteSource, edits: readonly Edit[]): SegmentMap {
  const segments: ConstructorParameters<typeof SegmentMap>[1][number][] = [];
  let at = 0;
  for (const { offset, size, bytes } of [...edits].sort((a, b) => a.offset - b.offset)) {
    segments.push({ offset: at, length: offset - at }, ...bytes);
    at = offset + size;
  }
  return new SegmentMap(source, [...segments, { offset: at, length: source.size - at }]);
}
