import type { BoundedReader } from './bounded-reader.js';
import type { BoxHeader } from './box-header.js';
import type { Layout } from './layout.js';
import { readMovieFragment, type TrackFragment } from './movie-fragment.js';
import type { Movie } from './movie.js';
import { ShortBoxError } from './payload.js';
import { readLastFragments } from './random-access.js';
import { readSegmentIndex } from './segment-index.js';
import type { Track } from './track.js';

/** Fragments read from the end of the file, when each says when it begins. */
const LAST_FRAGMENTS = 32;
/** Fragments read from the start, to see by how much each track is shifted: one for each track, or all in one. */
const FIRST_FRAGMENTS = 4;
/** Fragments read in all, when their durations have to be summed. */
const MOST_FRAGMENTS = 2000;

/** Times in seconds. */
export interface FragmentTimes {
  /** When the last track ends; null where the file does not say. */
  readonly end: number | null;
  /** When each track ends, by its id, as far as that is known. */
  readonly tracks: ReadonlyMap<number, number>;
}

/**
 * How long a fragmented movie is: by a segment index that reaches the end of the file, else by the last fragments,
 * else by the sum of all, else by what `mehd` promises. Reads a bounded number of fragments.
 *
 * @throws what the reader throws
 */
export async function readFragmentTimes(
  reader: BoundedReader,
  layout: Layout,
  movie: Movie,
): Promise<FragmentTimes> {
  const indexed = await byIndex(reader, layout);
  if (indexed) return indexed;
  const moofs = layout.boxes.filter(
    ({ type, offset, size }) => type === 'moof' && offset + size <= reader.size,
  );
  const walkedAll = layout.end !== 'too-many-boxes';
  const last = walkedAll ? moofs.slice(-LAST_FRAGMENTS) : await lenient(() => readLastFragments(reader), []);
  const runs = await readFragments(reader, last, movie);
  const timed = runs.length > 0 && runs.every(({ startTime }) => startTime !== null);
  const summable = walkedAll && moofs.length > 0 && moofs.length <= MOST_FRAGMENTS;
  const first = await readFragments(reader, moofs.slice(0, FIRST_FRAGMENTS), movie);
  if (timed) return inSeconds(movie, runs, first);
  if (summable) return inSeconds(movie, await readFragments(reader, moofs, movie), first);
  return { end: movie.extendedDuration, tracks: new Map() };
}

async function byIndex(reader: BoundedReader, layout: Layout): Promise<FragmentTimes | undefined> {
  const boxes = layout.boxes.filter(({ type }) => type === 'sidx').slice(0, 64);
  const tail = layout.boxes.find(({ type }) => type === 'mfra')?.offset ?? reader.size;
  const tracks = new Map<number, number>();
  for (const box of boxes) {
    const index = await lenient(() => readSegmentIndex(reader, box), undefined);
    if (index && index.endOffset >= tail && index.endOffset <= reader.size) {
      tracks.set(index.referenceId, index.endTime);
    }
  }
  return tracks.size > 0 ? { end: Math.max(...tracks.values()), tracks } : undefined;
}

async function readFragments(
  reader: BoundedReader,
  moofs: readonly BoxHeader[],
  movie: Movie,
): Promise<TrackFragment[]> {
  const fragments: TrackFragment[] = [];
  for (const moof of moofs) {
    fragments.push(...(await lenient(() => readMovieFragment(reader, moof, movie.defaultDurations), [])));
  }
  return fragments;
}

/** A track begins with the samples in moov, if any; a fragment without a start time goes on where the last ended. */
function inSeconds(
  movie: Movie,
  fragments: readonly TrackFragment[],
  first: readonly TrackFragment[],
): FragmentTimes {
  const ends = new Map<number, number>();
  const tracks = new Map<number, number>();
  for (const { id, mediaDuration, table } of movie.tracks) {
    ends.set(id, table?.sampleCount ? (mediaDuration ?? 0) : 0);
  }
  for (const { trackId, startTime, duration } of fragments) {
    ends.set(trackId, (startTime ?? ends.get(trackId) ?? 0) + duration);
  }
  const shown: { start: number; end: number }[] = [];
  for (const track of movie.tracks) {
    const { id, timescale } = track;
    const end = (ends.get(id) ?? 0) / timescale;
    if (timescale === 0 || end === 0) continue;
    tracks.set(id, end);
    const start = startOf(track, first);
    shown.push({ start, end: start + end });
  }
  if (shown.length === 0) return { end: null, tracks };
  const from = Math.min(...shown.map(({ start }) => start));
  return { end: Math.max(...tracks.values(), ...shown.map(({ end }) => end - from)), tracks };
}

/** By how many seconds a track is shown later than it is decoded: composition offset and edit list. */
function startOf(track: Track, first: readonly TrackFragment[]): number {
  const offset = track.table?.sampleCount
    ? track.firstOffset
    : (first.find(({ trackId }) => trackId === track.id)?.firstOffset ?? 0);
  return track.startTime + (offset - track.mediaStart) / track.timescale;
}

/** A box that breaks off says nothing; the others still do. */
async function lenient<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ShortBoxError) return otherwise;
    throw error;
  }
}
