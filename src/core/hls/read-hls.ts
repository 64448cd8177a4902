import { type BoundedReader, type Problem, problem } from '../isobmff/index.js';
import { type HlsPlaylist, parsePlaylist } from './playlist.js';

export interface HlsReport {
  readonly playlist: HlsPlaylist;
  /** Seconds: of all segments that are listed. */
  readonly duration: number | null;
  readonly problems: readonly Problem[];
}

/** Bytes: 24 hours of segments of 6 seconds with addresses of 60 characters. */
const LONGEST = 2 ** 20;

/** Whether a file is an HLS playlist (RFC 8216 §4.1, §4.3.1.1), by its start; a plain list of songs has no EXT-X tag. */
export function isPlaylist(head: Uint8Array): boolean {
  const text = Buffer.from(head).toString('latin1');
  return /^(?:\xef\xbb\xbf)?#EXTM3U[\t ]*\r?\n/.test(text) && /^#EXT-X-/m.test(text);
}

/** @throws what the reader throws */
export async function readHls(reader: BoundedReader): Promise<HlsReport> {
  const bytes = await reader.read(0, LONGEST);
  const { duration, ...playlist } = parsePlaylist(
    new TextDecoder().decode(bytes),
    bytes.length < reader.size,
  );
  const problems: Problem[] = [];
  if (playlist.truncated) {
    problems.push(problem('too-costly', `Only the first ${LONGEST} bytes of the playlist were read.`));
  } else if (playlist.kind === 'media' && playlist.live) {
    problems.push(
      problem(
        'no-end-list',
        'The playlist has no EXT-X-ENDLIST: players take it for a live broadcast and wait for more.',
        'Add the line #EXT-X-ENDLIST when the recording is complete.',
      ),
    );
  }
  return { playlist, duration: playlist.live ? null : duration, problems };
}
