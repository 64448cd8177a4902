import {
  BoundedReader,
  type BoxHeader,
  findTopLevelBox,
  isIsoBmff,
  type Layout,
  type Movie,
  readLayout,
  readMovie,
  readMovieFragment,
  ShortBoxError,
  type Track,
  type TrackFragment,
} from '../isobmff/index.js';
import type { ByteSource } from '../bytes/index.js';
import { promiseDuration } from './movie-extends-header.js';
import { applyPatches, type Patch } from './patch.js';
import { impossible, NOT_NEEDED, type Repair, type RepairPlan } from './repair.js';
import { type Subsegment, type TrackIndex, writeSegmentIndexes } from './segment-index-box.js';

/**
 * Tells players of a fragmented movie what they would have to read all of it for (docs/adr/012):
 * - where its fragments are, by a `sidx` (ISO/IEC 14496-12 §8.16.3) for each track in front of the first one. Chromium
 *   asks for every fragment before the first picture without, and with an index of the pictures alone it reads
 *   everything up to where it seeks.
 * - how long it lasts, by `mehd` (§8.8.2). Firefox knows no end without, and cannot seek.
 */
export const fragmentIndex: Repair = { name: 'fragment-index', version: 1, plan: planFragmentIndex };

async function planFragmentIndex(source: ByteSource, signal?: AbortSignal): Promise<RepairPlan> {
  const reader = new BoundedReader(source);
  if (!isIsoBmff(await reader.read(0, 16), source.size)) return NOT_NEEDED;
  const moov = await findTopLevelBox(reader, 'moov');
  if (!moov) return NOT_NEEDED;
  const layout = await readLayout(reader);
  const has = (type: string) => layout.boxes.some((box) => box.type === type);
  const moofs = layout.boxes.filter(
    ({ type, offset, size }) => type === 'moof' && offset + size <= reader.size,
  );
  const first = moofs[0];
  if (!first || first.offset < moov.offset) return NOT_NEEDED;
  if (layout.end === 'too-many-boxes') return IMPOSSIBLE.tooMany;
  const movie = await readMovie(reader, moov);
  // One fragment is found without an index.
  const needsIndex = moofs.length > 1 && !has('sidx');
  if (!movie.extended || (!needsIndex && movie.extendedDuration !== null)) return NOT_NEEDED;
  const chunks = movie.tracks.map(({ table }) => Math.max(table?.firstChunk ?? 0, table?.lastChunk ?? 0));
  if (has('meta') || chunks.some((offset) => offset > moov.offset)) return IMPOSSIBLE.absolute;

  const runs = new Runs(movie);
  for (const moof of moofs) {
    signal?.throwIfAborted();
    const fragments = await readFragments(reader, moof, movie);
    if (!fragments) return IMPOSSIBLE.malformed;
    if (fragments.some(({ absolute }) => absolute)) return IMPOSSIBLE.absolute;
    runs.add(moof, fragments);
  }
  const oldIndex = oldIndexOf(layout, reader.size);
  const patches: Patch[] = [];
  const changes: string[] = [];
  const duration = Math.round(runs.seconds() * movie.header.timescale);
  if (duration > 0) patches.push(...(await promiseDuration(reader, moov, duration)));
  if (patches.length > 0) changes.push(`The movie says that it lasts ${runs.seconds().toFixed(1)} s.`);
  if (needsIndex) {
    const indexes = writeSegmentIndexes(runs.indexes(first, oldIndex?.offset ?? reader.size));
    if (!indexes) return IMPOSSIBLE.times;
    if (indexes.length > 0) patches.push({ offset: first.offset, removed: 0, bytes: indexes });
    if (indexes.length > 0)
      changes.push(`An index of its ${moofs.length} fragments stands in front of them.`);
  }
  if (changes.length === 0) return NOT_NEEDED;
  // Its offsets would be wrong, and WebKitGTK mostly loads the whole file before the first picture where it stands.
  if (oldIndex) patches.push({ offset: oldIndex.offset, removed: oldIndex.size, bytes: new Uint8Array(0) });
  return { kind: 'repaired', map: applyPatches(source, patches), changes };
}

/** Undefined when a box of the fragment is cut off. */
async function readFragments(
  reader: BoundedReader,
  moof: BoxHeader,
  { defaults }: Movie,
): Promise<TrackFragment[] | undefined> {
  try {
    return await readMovieFragment(reader, moof, defaults);
  } catch (error) {
    if (error instanceof ShortBoxError) return undefined;
    throw error;
  }
}

/** `mfra` (§8.8.9) counts only as the last box: players find it from the end of the file. */
function oldIndexOf({ boxes }: Layout, size: number): BoxHeader | undefined {
  const last = boxes.at(-1);
  return last?.type === 'mfra' && last.offset + last.size === size ? last : undefined;
}

interface Run {
  readonly track: Track;
  readonly subsegments: Subsegment[];
  /** When the next fragment begins unless it says otherwise, in media time. */
  nextStart: number;
  endTime: number;
}

/** What the fragments hold of each track, in file order. */
class Runs {
  readonly #byTrack = new Map<number, Run>();

  constructor(movie: Movie) {
    for (const track of movie.tracks) {
      if (track.timescale === 0 || !movie.defaults.has(track.id)) continue;
      const nextStart = track.table?.sampleCount ? (track.mediaDuration ?? 0) : 0;
      this.#byTrack.set(track.id, { track, subsegments: [], nextStart, endTime: 0 });
    }
  }

  add({ offset }: BoxHeader, fragments: readonly TrackFragment[]): void {
    for (const fragment of fragments) {
      const run = this.#byTrack.get(fragment.trackId);
      if (!run) continue;
      const { startsWithSync, earliest, latest } = fragment;
      const start = fragment.startTime ?? run.nextStart;
      run.nextStart = start + fragment.duration;
      run.endTime = Math.max(run.endTime, shownAt(run.track, start + latest));
      // A second part of the same track in one fragment only continues it; one without samples begins nothing.
      if (run.subsegments.at(-1)?.offset === offset || fragment.duration === 0) continue;
      run.subsegments.push({ offset, time: shownAt(run.track, start + earliest), startsWithSync });
    }
  }

  /** When the last track ends. */
  seconds(): number {
    return Math.max(0, ...[...this.#byTrack.values()].map(({ endTime, track }) => endTime / track.timescale));
  }

  /** An index has no gap: what stands in front of a track's first fragment counts to it. */
  indexes(first: BoxHeader, endOffset: number): TrackIndex[] {
    return [...this.#byTrack.values()].flatMap(({ track, subsegments, endTime }) => {
      const [start, ...others] = subsegments;
      if (!start) return [];
      const whole = [{ ...start, offset: first.offset }, ...others];
      return [{ trackId: track.id, timescale: track.timescale, subsegments: whole, endTime, endOffset }];
    });
  }
}

/** When a media time is shown, after the edit list (§8.6.6), in units of the track's timescale. */
function shownAt({ mediaStart, startTime, timescale }: Track, mediaTime: number): number {
  return Math.max(0, mediaTime - mediaStart + Math.round(startTime * timescale));
}

const IMPOSSIBLE = {
  tooMany: impossible('too-many-fragments', 'There are more fragments than one index is made for.'),
  absolute: impossible(
    'absolute-offsets',
    'The fragments say where their media lies by its place in the file, which an index in front of them would change.',
  ),
  times: impossible(
    'unusable-times',
    'The times of the fragments go back, or a fragment is larger than an index can say.',
  ),
  malformed: impossible('malformed-fragment', 'A fragment lacks something it must have.'),
};
