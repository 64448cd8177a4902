import { MAX_DEPTH, MAX_TREE_BOXES } from './box-tree.js';
import type { Movie, MovieFault } from './movie.js';
import { type Problem, problem } from './problem.js';
import type { Track } from './track.js';

/** Faults told one by one; the rest would say nothing new. */
const MOST_FAULTS = 8;
/** Seconds, and part of the longer one, by which header and tracks may differ without anybody noticing. */
const TOLERANCE = { seconds: 1, part: 0.05 };

/** What a whole moov in a file of `size` bytes gives cause to say. */
export function movieProblems(movie: Movie, size: number): Problem[] {
  if (movie.compressed) {
    return [
      problem(
        'compressed-moov',
        'The moov box is compressed (cmov), an old QuickTime way that no browser reads.',
      ),
    ];
  }
  const problems = movie.faults.slice(0, MOST_FAULTS).map(describeFault);
  if (movie.tracks.length === 0) problems.push(problem('no-tracks', 'The moov box describes no track.'));
  for (const track of movie.tracks) problems.push(...trackProblems(track, size));
  const mismatch = durationMismatch(movie);
  if (mismatch) problems.push(mismatch);
  return problems;
}

function describeFault({ kind, within, offset }: MovieFault): Problem {
  switch (kind) {
    case 'malformed':
      return problem(
        'malformed',
        `The ${within} box holds something at byte ${offset} that does not fit into it.`,
      );
    case 'short':
      return problem('malformed', `The ${within} box at byte ${offset} lacks something it must have.`);
    case 'too-deep':
      return problem('malformed', `Boxes are nested more than ${MAX_DEPTH} deep at byte ${offset}.`);
    case 'too-many-boxes':
      return problem('too-many-boxes', `The moov box holds more than ${MAX_TREE_BOXES} boxes.`);
  }
}

function trackProblems(track: Track, size: number): Problem[] {
  const { id, entry, table, selfContained } = track;
  const problems: Problem[] = [];
  for (const type of table?.overfull ?? []) {
    problems.push(
      problem('malformed', `The ${type} table of track ${id} claims more entries than it has room for.`),
    );
  }
  if (entry?.encrypted) {
    const scheme = entry.encryptionScheme ? ` (${entry.encryptionScheme})` : '';
    problems.push(problem('encrypted', `Track ${id} is encrypted${scheme}: it plays only with a key.`));
  }
  if (entry?.originalType === 'hev1') {
    problems.push(
      problem('hev1', `Track ${id} is HEVC tagged hev1; Safari and QuickTime only play the tag hvc1.`),
    );
  }
  if (!selfContained) {
    problems.push(problem('external-media', `The media of track ${id} lies in another file.`));
  } else if (Math.max(table?.firstChunk ?? 0, table?.lastChunk ?? 0) >= size) {
    problems.push(
      problem(
        'chunk-offset-out-of-file',
        `Samples of track ${id} are said to lie behind the end of the file.`,
      ),
    );
  }
  return problems;
}

/** Players show the header's duration, and stop where the tracks end. */
function durationMismatch({ header, tracks, extended }: Movie): Problem | undefined {
  if (extended || !header.duration || header.timescale === 0) return undefined;
  const said = header.duration / header.timescale;
  const longest = Math.max(0, ...tracks.map(({ duration, startTime }) => (duration ?? 0) + startTime));
  const apart = Math.abs(said - longest);
  if (longest === 0 || apart <= Math.max(TOLERANCE.seconds, TOLERANCE.part * Math.max(said, longest))) return;
  const seconds = (value: number) => `${Math.round(value * 10) / 10} s`;
  return problem(
    'duration-mismatch',
    `The movie is said to last ${seconds(said)}, its longest track ${seconds(longest)}.`,
  );
}
