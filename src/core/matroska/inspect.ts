import {
  type BoundedReader,
  BudgetError,
  type Problem,
  problem,
  type TrackReport,
} from '../isobmff/index.js';
import { endOf } from './element.js';
import { readSegment, type Segment } from './segment.js';
import { reportTracks } from './tracks.js';

/** What the head of a Matroska or WebM file says. Plain JSON. */
export interface MatroskaReport {
  /** Seconds. */
  readonly duration: number | null;
  readonly tracks: readonly TrackReport[];
  readonly problems: readonly Problem[];
}

/**
 * Inspects a file of Matroska or WebM (RFC 9559) by what stands in front of its media and what its SeekHead leads to.
 * Whatever the file holds it answers, within the reader's budget.
 *
 * @throws only what the source throws
 */
export async function inspectMatroska(reader: BoundedReader): Promise<MatroskaReport> {
  try {
    const segment = await readSegment(reader);
    return segment ? describe(segment, reader.size) : NOTHING;
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error;
    return {
      ...NOTHING,
      problems: [
        problem('too-costly', 'Describing this file takes more reading than one inspection may spend.'),
      ],
    };
  }
}

const NOTHING: MatroskaReport = { duration: null, tracks: [], problems: [] };

function describe({ header, info, tracks, cues, firstCluster }: Segment, size: number): MatroskaReport {
  const timestampScale = info?.timestampScale ?? 1_000_000;
  const duration = info?.duration ? (info.duration * timestampScale) / 1_000_000_000 : null;
  const reports = reportTracks(tracks, timestampScale, duration);
  const problems: Problem[] = [];
  if (reports.length === 0) problems.push(problem('no-tracks', 'The file describes no track.'));
  if (header.size !== null && header.offset + header.headerSize + header.size > endOf(header, size)) {
    const missing = header.offset + header.headerSize + header.size - size;
    problems.push(problem('truncated', `The file ends inside its Segment: ${missing} bytes are missing.`));
  }
  if (firstCluster && duration === null) {
    problems.push(
      problem('no-duration', 'The file does not say how long it lasts, as recordings of a browser do not.'),
    );
  }
  if (firstCluster && cues === 'none') {
    problems.push(
      problem('no-cues', 'There is no index (Cues): to seek, a player has to read everything in between.'),
    );
  }
  return { duration, tracks: reports, problems };
}
