import type { BoundedReader } from './bounded-reader.js';
import type { BoxHeader } from './box-header.js';
import { type BoxNode, findBox, findBoxes, readBoxTree } from './box-tree.js';
import type { Payload } from './payload.js';

/** What samples are like that do not say otherwise: duration in units of the track's timescale, flags of §8.8.3.1. */
export interface SampleDefaults {
  readonly duration: number;
  readonly flags: number;
}

/** One track's part of a movie fragment. Times are in units of the track's timescale. */
export interface TrackFragment {
  readonly trackId: number;
  /** When it begins (`tfdt`, ISO/IEC 14496-12 §8.8.12); null where it goes on from the one before. */
  readonly startTime: number | null;
  /** The sum of its samples' durations. */
  readonly duration: number;
  /** By how much its first sample is shown later than it is decoded. */
  readonly firstOffset: number;
  /** From its begin to when its first sample in order of presentation is shown; may be negative. */
  readonly earliest: number;
  /** From its begin to when its last sample in order of presentation has been shown. */
  readonly latest: number;
  /** Whether decoding can begin here: the first sample is a sync sample. */
  readonly startsWithSync: boolean;
  /** Its data lies where base-data-offset says, counted from the start of the file (§8.8.7). */
  readonly absolute: boolean;
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
 * @param defaults of samples by track id, from `trex`
 * @throws {ShortBoxError} when a box is cut off; what the reader throws
 */
export async function readMovieFragment(
  reader: BoundedReader,
  moof: BoxHeader,
  defaults: ReadonlyMap<number, SampleDefaults>,
): Promise<TrackFragment[]> {
  const { root } = await readBoxTree(reader, moof, KEEP);
  return findBoxes(root, 'traf').flatMap((traf) => {
    const tfhd = findBox(traf, 'tfhd')?.payload;
    return tfhd ? [readTrackFragment(traf, tfhd, defaults)] : [];
  });
}

const BASE_DATA_OFFSET = 0x1;
const SAMPLE_DESCRIPTION_INDEX = 0x2;
const DEFAULT_SAMPLE_DURATION = 0x8;
const DEFAULT_SAMPLE_SIZE = 0x10;
const DEFAULT_SAMPLE_FLAGS = 0x20;
/** sample_is_non_sync_sample (§8.8.3.1). */
const NON_SYNC = 0x1_0000;

function readTrackFragment(
  traf: BoxNode,
  tfhd: Payload,
  defaults: ReadonlyMap<number, SampleDefaults>,
): TrackFragment {
  const trackId = tfhd.u32(4);
  const byDefault = readDefaults(tfhd, defaults.get(trackId) ?? { duration: 0, flags: 0 });
  const tfdt = findBox(traf, 'tfdt')?.payload;
  const startTime = tfdt ? (tfdt.u8(0) === 1 ? tfdt.u64(4) : tfdt.u32(4)) : null;
  const runs = findBoxes(traf, 'trun');
  const first = runs.find(({ payload }) => payload.u32(4) > 0)?.payload;
  let duration = 0;
  let earliest = Infinity;
  let latest = 0;
  for (const { payload } of runs) {
    const times = readTimes(payload, byDefault.duration);
    earliest = Math.min(earliest, duration + times.earliest);
    latest = Math.max(latest, duration + times.latest);
    duration += times.duration;
  }
  return {
    trackId,
    startTime,
    duration,
    firstOffset: runs[0] ? firstOffsetOf(runs[0].payload) : 0,
    earliest: Number.isFinite(earliest) ? earliest : 0,
    latest,
    startsWithSync:
      first !== undefined && (firstFlagsOf(first) ?? byDefault.flags) % (NON_SYNC * 2) < NON_SYNC,
    absolute: (tfhd.u24(1) & BASE_DATA_OFFSET) !== 0,
  };
}

/** What `tfhd` (§8.8.7) says in place of `trex`. */
function readDefaults(tfhd: Payload, otherwise: SampleDefaults): SampleDefaults {
  const flags = tfhd.u24(1);
  const duration = 8 + (flags & BASE_DATA_OFFSET ? 8 : 0) + (flags & SAMPLE_DESCRIPTION_INDEX ? 4 : 0);
  const size = duration + (flags & DEFAULT_SAMPLE_DURATION ? 4 : 0);
  const sampleFlags = size + (flags & DEFAULT_SAMPLE_SIZE ? 4 : 0);
  return {
    duration: flags & DEFAULT_SAMPLE_DURATION ? tfhd.u32(duration) : otherwise.duration,
    flags: flags & DEFAULT_SAMPLE_FLAGS ? tfhd.u32(sampleFlags) : otherwise.flags,
  };
}

const DATA_OFFSET = 0x1;
const FIRST_SAMPLE_FLAGS = 0x4;
const SAMPLE_DURATION = 0x100;
const SAMPLE_FLAGS = 0x400;
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

/**
 * Of one `trun` (§8.8.8), from its begin: how long it lasts, and when its samples are shown. Samples beyond what was
 * loaded count nothing.
 */
function readTimes(trun: Payload, byDefault: number): { duration: number; earliest: number; latest: number } {
  const flags = trun.u24(1);
  const count = trun.u32(4);
  const { start, size } = sampleFields(flags);
  if (!(flags & (SAMPLE_DURATION | COMPOSITION_OFFSET))) {
    return { duration: count * byDefault, earliest: count > 0 ? 0 : Infinity, latest: count * byDefault };
  }
  const loaded = Math.min(count, Math.max(0, Math.floor((trun.length - start) / size)));
  let duration = 0;
  let earliest = Infinity;
  let latest = 0;
  for (let at = start; at < start + loaded * size; at += size) {
    const shown = duration + (flags & COMPOSITION_OFFSET ? trun.i32(at + size - 4) : 0);
    duration += flags & SAMPLE_DURATION ? trun.u32(at) : byDefault;
    earliest = Math.min(earliest, shown);
    latest = Math.max(latest, shown + (flags & SAMPLE_DURATION ? trun.u32(at) : byDefault));
  }
  const unread = flags & SAMPLE_DURATION ? 0 : (count - loaded) * byDefault;
  return { duration: duration + unread, earliest, latest: latest + unread };
}

/** What the first sample of a `trun` says of itself; undefined where it says nothing. */
function firstFlagsOf(trun: Payload): number | undefined {
  const flags = trun.u24(1);
  if (flags & FIRST_SAMPLE_FLAGS) return trun.u32(8 + (flags & DATA_OFFSET ? 4 : 0));
  const before = SAMPLE_FIELDS.filter((field) => field < SAMPLE_FLAGS && flags & field).length * 4;
  return flags & SAMPLE_FLAGS ? trun.u32(sampleFields(flags).start + before) : undefined;
}
