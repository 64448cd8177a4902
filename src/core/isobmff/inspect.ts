import { type BoundedReader, BudgetError } from './bounded-reader.js';
import { type Brands, readBrands } from './brands.js';
import { type BoxExtent, extentOf, type Faststart, faststartOf, liesInside } from './faststart.js';
import { readFragmentTimes } from './fragment-duration.js';
import { readLayout } from './layout.js';
import { layoutProblems } from './layout-problems.js';
import { readMovie } from './movie.js';
import { movieProblems } from './movie-problems.js';
import { type Problem, problem } from './problem.js';
import { movieDuration, reportTrack, type TrackReport } from './report.js';

/** Boxes and mdats listed in a report; the walk itself goes further. */
export const MAX_LISTED = 200;

/** A top-level box in a report. */
export interface BoxReport extends BoxExtent {
  readonly type: string;
}

/** What the boxes of a file say. Plain JSON. */
export interface IsoBmffReport extends Brands, Faststart {
  /** Whether fragments hold the media, or some of it. */
  readonly fragmented: boolean;
  /** The moov box that players use. */
  readonly moov: BoxExtent | null;
  /** The first {@link MAX_LISTED} media data boxes. */
  readonly mdats: readonly BoxExtent[];
  /** The first {@link MAX_LISTED} top-level boxes, in file order. */
  readonly boxes: readonly BoxReport[];
  /** Whether there are more than `boxes` lists. */
  readonly boxesTruncated: boolean;
  /** Seconds. */
  readonly duration: number | null;
  readonly tracks: readonly TrackReport[];
  readonly problems: readonly Problem[];
}

/**
 * Inspects a file of the ISO base media family (ISO/IEC 14496-12, QuickTime) by its box headers and moov alone.
 * Whatever the file holds it answers, within the reader's budget.
 *
 * @throws only what the source throws
 */
export async function inspectIsoBmff(reader: BoundedReader): Promise<IsoBmffReport> {
  const layout = await readLayout(reader);
  const { boxes } = layout;
  const brands = await readBrands(reader, layout);
  const faststart = faststartOf(layout, reader.size);
  const problems = layoutProblems(layout, reader.size, faststart);
  const within = <T>(read: () => Promise<T>) => withinBudget(problems, read);
  const moov = boxes.find(({ type }) => type === 'moov');
  const movie = moov && (await within(() => readMovie(reader, moov)));
  const hasFragments = boxes.some(({ type }) => type === 'moof');
  const fragmented = hasFragments || (movie?.extended ?? false);
  const times =
    movie?.extended && hasFragments
      ? await within(() => readFragmentTimes(reader, layout, movie))
      : undefined;
  if (fragmented) problems.push(problem('fragmented', 'The movie is fragmented: its media comes in pieces.'));
  // Inside a moov that is cut off nothing fits, which the report has said already.
  if (movie && liesInside(moov, reader.size)) problems.push(...movieProblems(movie, reader.size));
  return {
    ...brands,
    ...faststart,
    fragmented,
    moov: moov ? extentOf(moov) : null,
    mdats: boxes
      .filter(({ type }) => type === 'mdat')
      .slice(0, MAX_LISTED)
      .map(extentOf),
    boxes: boxes.slice(0, MAX_LISTED).map((box) => ({ type: box.type, ...extentOf(box) })),
    boxesTruncated: boxes.length > MAX_LISTED || layout.end === 'too-many-boxes',
    duration: movie ? movieDuration(movie, times) : null,
    tracks: movie?.tracks.map((track) => reportTrack(track, times)) ?? [],
    problems,
  };
}

/** A file that costs too much is reported as far as it was read. */
async function withinBudget<T>(problems: Problem[], read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error;
    problems.push(
      problem('too-costly', 'Describing this file takes more reading than one inspection may spend.'),
    );
    return undefined;
  }
}
