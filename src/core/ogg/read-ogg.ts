import { type BoundedReader, plainTrack, type Problem, problem, type TrackReport } from '../isobmff/index.js';
import { identify, type OggCodec } from './identification.js';
import { LONGEST_PAGE, type OggPage, parsePage } from './page.js';

/** What the first and last pages of an Ogg file say. */
export interface OggReport {
  /** Seconds. */
  readonly duration: number | null;
  readonly tracks: readonly TrackReport[];
  readonly problems: readonly Problem[];
}

/** Bytes at the end in which the last pages are looked for at first, and at most. */
const TAIL = 65_536;
const LONGEST_TAIL = 4 * LONGEST_PAGE;
/** Logical streams that are listed. */
const MOST_STREAMS = 32;

/**
 * Reads the pages on which logical streams begin, which stand in front of all others (RFC 3533 §4), and the last ones,
 * whose granule positions tell the duration. A chain of files one after the other counts as its first links.
 *
 * @throws what the reader throws
 */
export async function readOgg(reader: BoundedReader): Promise<OggReport> {
  const streams = await readStreams(reader);
  const ends = streams.size > 0 ? await lastTimes(reader, streams) : new Map<number, number>();
  const tracks = [...streams].map(([serial, { timeOf: _, ...facts }], index) =>
    plainTrack(index + 1, { ...facts, duration: ends.get(serial) ?? null }),
  );
  const problems: Problem[] = [];
  if (tracks.length === 0)
    problems.push(problem('no-tracks', 'No stream in this file is of a codec known here.'));
  else if (ends.size === 0) {
    problems.push(
      problem('no-duration', 'No page at the end of the file says how long it lasts: it may be cut off.'),
    );
  }
  return { duration: ends.size > 0 ? Math.max(...ends.values()) : null, tracks, problems };
}

/** By serial number. */
async function readStreams(reader: BoundedReader): Promise<Map<number, OggCodec>> {
  const streams = new Map<number, OggCodec>();
  let offset = 0;
  for (let count = 0; count < MOST_STREAMS; count += 1) {
    const bytes = await reader.read(offset, 1024);
    const page = parsePage(bytes, 0);
    if (!page?.first) break;
    const codec = identify(bytes.subarray(page.bodyOffset, page.end));
    if (codec) streams.set(page.serial, codec);
    offset += page.end;
  }
  return streams;
}

/** When each stream ends, in seconds, for those that have a page in the tail. */
async function lastTimes(
  reader: BoundedReader,
  streams: Map<number, OggCodec>,
): Promise<Map<number, number>> {
  for (const length of [TAIL, LONGEST_TAIL]) {
    const times = new Map<number, number>();
    const start = Math.max(0, reader.size - length);
    for (const page of pagesIn(await reader.read(start, reader.size - start))) {
      const codec = streams.get(page.serial);
      // The pages of headers have the granule position 0.
      if (codec && page.granule) times.set(page.serial, codec.timeOf(page.granule));
    }
    if (times.size === streams.size || start === 0 || length === LONGEST_TAIL) return times;
  }
  return new Map();
}

/** Pages from any place on: searched for until one is found, then followed. */
function* pagesIn(bytes: Uint8Array): Generator<OggPage> {
  const search = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let offset = 0;
  while ((offset = search.indexOf('OggS', offset, 'latin1')) >= 0) {
    const page = parsePage(bytes, offset);
    if (page) yield page;
    offset = page && page.end <= bytes.length ? page.end : offset + 4;
  }
}
