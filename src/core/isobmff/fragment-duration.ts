import type { BoundedReader } from './bounded-reader.js';
import type { BoxHeader } from './box-header.js';
import type { Layout } from './layout.js';
import { readMovieFragment, type TrackFragment } from './movie-fragment.js';
import type { Movie } from './movie.js';
import { ShortBoxError } from './payload.js';
import { readLastFragments } from './random-access.js';
import { readSegmentIndex } from './segment-index.js';
import type { Track } from './track.js';

/** Fragments read from the end of the file at most, in search of the last one of each track. */
const LAST_FRAGMENTS = 64;
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
  const indexed = await readIndexes(reader, layout);
  const moofs = layout.boxes.filter(
    ({ type, offset, size }) => type === 'moof' && offset + size <= reader.size,
  );
  const walkedAll = layout.end !== 'too-many-boxes';
  const last = walkedAll ? moofs.slice(-LAST_FRAGMENTS) : await lenient(() => readLastFragments(reader), []);
  let runs = await readUntilAllTracks(reader, last, movie);
  if (!runs.every(({ startTime }) => startTime !== null)) {
    const summable = indexed.size === 0 && walkedAll && moofs.length <= MOST_FRAGMENTS;
    runs = summable ? await readFragments(reader, moofs, movie) : [];
  }
  if (runs.length === 0 && indexed.size === 0) return { end: movie.extendedDuration, tracks: new Map() };
  const first = await readFragments(reader, moofs.slice(0, FIRST_FRAGMENTS), movie);
  return timesOf(movie, endsOf(movie, runs, indexed), first);
}

/** When tracks end, in seconds, by the indexes that reach the end of the file. */
async function readIndexes(reader: BoundedReader, layout: Layout): Promise<Map<number, number>> {
  const boxes = layout.boxes.filter(({ type }) => type === 'sidx').slice(0, 64);
  const tail = layout.boxes.find(({ type }) => type === 'mfra')?.offset ?? reader.size;
  const tracks = new Map<number, number>();
  for (const box of boxes) {
    const index = await lenient(() => readSegmentIndex(reader, box), undefined);
    if (index && index.endOffset >= tail && index.endOffset <= reader.size) {
      tracks.set(index.referenceId, index.endTime);
    }
  }
  return tracks;
}

async function readFragments(
  reader: BoundedReader,
  moofs: readonly BoxHeader[],
  movie: Movie,
): Promise<TrackFragment[]> {
  const fragments: TrackFragment[] = [];
  for (const moof of moofs) {
    fragments.push(...(await lenient(() => readMovieFragment(reader, moof, movie.defaults), [])));
  }
  return fragments;
}

/** From the last fragment backwards, until each track that may have fragments was met; in file order. */
async function readUntilAllTracks(
  reader: BoundedReader,
  moofs: readonly BoxHeader[],
  movie: Movie,
): Promise<TrackFragment[]> {
  const missing = new Set(movie.defaults.keys());
  const found: TrackFragment[] = [];
  for (const moof of moofs.toReversed()) {
    if (missing.size === 0) break;
    const fragments = await readFragments(reader, [moof], movie);
    for (const { trackId } of fragments) missing.delete(trackId);
    found.unshift(...fragments);
    // Then all of them have to be summed anyway.
    if (fragments.some(({ startTime }) => startTime === null)) break;
  }
  return found;
}

/** A track begins with the samples in moov, if any; a fragment without a start time goes on where the last ended. */
function endsOf(
  movie: Movie,
  fragments: readonly TrackFragment[],
  indexed: ReadonlyMap<number, number>,
): Map<number, number> {
  const ends = new Map<number, number>();
  for (const { id, mediaDuration, table } of movie.tracks) {
    ends.set(id, table?.sampleCount ? (mediaDuration ?? 0) : 0);
  }
  for (const { trackId, startTime, duration } of fragments) {
    ends.set(trackId, (startTime ?? ends.get(trackId) ?? 0) + duration);
  }
  const seconds = new Map<number, number>();
  for (const { id, timescale } of movie.tracks) {
    const end = indexed.get(id) ?? (ends.get(id) ?? 0) / timescale;
    if (timescale > 0 && end > 0) seconds.set(id, end);
  }
  return seconds;
}

/** FFmpeg's way, and so Chrome's: the longest track, or from the first to be shown to the last to end. */
function timesOf(
  movie: Movie,
  tracks: ReadonlyMap<number, number>,
  first: readonly TrackFragment[],
): FragmentTimes {
  const shown = movie.tracks.flatMap((track) => {
    const end = tracks.get(track.id);
    const start = startOf(track, first);
    return end === undefined ? [] : [{ start, end: start + end }];
  });
  if (shown.length === 0) return { end: movie.extendedDuration, tracks };
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
