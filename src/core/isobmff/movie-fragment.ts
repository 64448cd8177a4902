import type { BoundedReader } from './bounded-reader.js';
import type { BoxHeader } from './box-header.js';
import { type BoxNode, findBox, findBoxes, readBoxTree } from './box-tree.js';
import type { Payload } from './payload.js';

/** One track's part of a movie fragment. Times are in units of the track's timescale. */
export interface TrackFragment {
  readonly trackId: number;
  /** When it begins (`tfdt`, ISO/IEC 14496-12 §8.8.12); null where it goes on from the one before. */
  readonly startTime: number | null;
  /** The sum of its samples' durations. */
  readonly duration: number;
  /** By how much its first sample is shown later than it is decoded. */
  readonly firstOffset: number;
}

/** Payload bytes to load; a run of a thousand samples takes up to 16 KiB. */
const KEEP = new Map([
  ['tfhd', 40],
  ['tfdt', 12],
  ['trun', 262_144],
]);

/**
 * Reads the track fragments of a moof box.
 *
 * @param defaultDurations of samples by track id, from `trex`
 * @throws {ShortBoxError} when a box is cut off; what the reader throws
 */
export async function readMovieFragment(
  reader: BoundedReader,
  moof: BoxHeader,
  defaultDurations: ReadonlyMap<number, number>,
): Promise<TrackFragment[]> {
  const { root } = await readBoxTree(reader, moof, KEEP);
  return findBoxes(root, 'traf').flatMap((traf) => {
    const tfhd = findBox(traf, 'tfhd')?.payload;
    return tfhd ? [readTrackFragment(traf, tfhd, defaultDurations)] : [];
  });
}

const BASE_DATA_OFFSET = 0x1;
const SAMPLE_DESCRIPTION_INDEX = 0x2;
const DEFAULT_SAMPLE_DURATION = 0x8;

function readTrackFragment(
  traf: BoxNode,
  tfhd: Payload,
  defaultDurations: ReadonlyMap<number, number>,
): TrackFragment {
  const flags = tfhd.u24(1);
  const trackId = tfhd.u32(4);
  const at = 8 + (flags & BASE_DATA_OFFSET ? 8 : 0) + (flags & SAMPLE_DESCRIPTION_INDEX ? 4 : 0);
  const byDefault = flags & DEFAULT_SAMPLE_DURATION ? tfhd.u32(at) : (defaultDurations.get(trackId) ?? 0);
  const tfdt = findBox(traf, 'tfdt')?.payload;
  const startTime = tfdt ? (tfdt.u8(0) === 1 ? tfdt.u64(4) : tfdt.u32(4)) : null;
  const runs = findBoxes(traf, 'trun');
  const duration = runs.reduce((sum, { payload }) => sum + runDuration(payload, byDefault), 0);
  return { trackId, startTime, duration, firstOffset: runs[0] ? firstOffsetOf(runs[0].payload) : 0 };
}

const DATA_OFFSET = 0x1;
const FIRST_SAMPLE_FLAGS = 0x4;
const SAMPLE_DURATION = 0x100;
/** Fields a sample has in a run, four bytes each: duration, size, flags, composition time offset. */
const SAMPLE_FIELDS = [0x100, 0x200, 0x400, 0x800];
const COMPOSITION_OFFSET = 0x800;

/** Where the samples of a `trun` begin in its payload, and the bytes each takes. */
function sampleFields(flags: number): { start: number; size: number } {
  return {
    start: 8 + (flags & DATA_OFFSET ? 4 : 0) + (flags & FIRST_SAMPLE_FLAGS ? 4 : 0),
    size: SAMPLE_FIELDS.filter((field) => flags & field).length * 4,
  };
}

/**
 * By how much the first sample of a `trun` is shown later than it is decoded. Where later samples have negative offsets
 * FFmpeg, and so Chrome, shift all of them until none has, and so does this. Read as signed in either version: no
 * real offset has the highest bit set.
 */
function firstOffsetOf(trun: Payload): number {
  const flags = trun.u24(1);
  const { start, size } = sampleFields(flags);
  const loaded =
    flags & COMPOSITION_OFFSET ? Math.min(trun.u32(4), Math.floor((trun.length - start) / size)) : 0;
  if (loaded <= 0) return 0;
  let lowest = 0;
  for (let index = 1; index <= loaded; index += 1) {
    lowest = Math.min(lowest, trun.i32(start + index * size - 4));
  }
  return trun.i32(start + size - 4) - lowest;
}

/** Of one `trun` (§8.8.8). Samples beyond what was loaded count nothing. */
function runDuration(trun: Payload, byDefault: number): number {
  const flags = trun.u24(1);
  const count = trun.u32(4);
  if (!(flags & SAMPLE_DURATION)) return count * byDefault;
  const { start, size } = sampleFields(flags);
  const loaded = Math.min(count, Math.max(0, Math.floor((trun.length - start) / size)));
  let sum = 0;
  for (let index = 0; index < loaded; index += 1) sum += trun.u32(start + index * size);
  return sum;
}
