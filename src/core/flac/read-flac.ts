import { type BoundedReader, type Problem, problem } from '../isobmff/index.js';
import { type FlacStreamInfo, parseStreamInfo, STREAM_INFO } from './stream-info.js';

/** What the metadata of a FLAC file says. */
export interface FlacReport {
  readonly info: FlacStreamInfo | null;
  /** Seconds. */
  readonly duration: number | null;
  readonly problems: readonly Problem[];
}

const SEEK_TABLE = 3;
/** More metadata blocks than any encoder writes. */
const MOST_BLOCKS = 128;

/**
 * Reads the metadata blocks (RFC 9639 §8) of the FLAC stream that begins at `start`: their headers and STREAMINFO.
 *
 * @throws what the reader throws
 */
export async function readFlac(reader: BoundedReader, start: number): Promise<FlacReport> {
  const info = parseStreamInfo(await reader.read(start + 8, STREAM_INFO)) ?? null;
  if (!info) {
    const malformed = problem('malformed', 'The STREAMINFO block states no sample rate.');
    return { info, duration: null, problems: [malformed] };
  }
  const problems: Problem[] = [];
  if (info.totalSamples === null) {
    problems.push(
      problem(
        'no-duration',
        'STREAMINFO does not say how many samples there are: players show no duration.',
        'Encode the file again from a file rather than a pipe: flac FILE, or ffmpeg -i FILE -c:a flac out.flac',
      ),
    );
  }
  if (!(await hasSeekTable(reader, start + 4))) {
    problems.push(
      problem('no-seek-table', 'There is no seek table: players search for the place to seek to.'),
    );
  }
  const duration = info.totalSamples === null ? null : info.totalSamples / info.sampleRate;
  return { info, duration, problems };
}

async function hasSeekTable(reader: BoundedReader, first: number): Promise<boolean> {
  let offset = first;
  for (let count = 0; count < MOST_BLOCKS; count += 1) {
    const [head, ...length] = await reader.read(offset, 4);
    if (head === undefined || length.length < 3) return false;
    if ((head & 0x7f) === SEEK_TABLE) return true;
    if (head & 0x80) return false;
    offset += 4 + length.reduce((sum, byte) => sum * 256 + byte, 0);
  }
  return false;
}
