import type { BoundedReader } from './bounded-reader.js';
import type { BoxHeader } from './box-header.js';
import { type BoxNode, findBox, findBoxes, readBoxTree, type TreeFault } from './box-tree.js';
import { UNITY } from './matrix.js';
import { type MovieHeader, parseMovieExtendsHeader, parseMovieHeader } from './movie-boxes.js';
import type { SampleDefaults } from './movie-fragment.js';
import { ShortBoxError } from './payload.js';
import { TABLE_HEADS } from './sample-table.js';
import { readTrack, type Track } from './track.js';

/** A fault with what a person may know of it. */
export interface MovieFault extends Omit<TreeFault, 'kind'> {
  readonly kind: TreeFault['kind'] | 'short';
}

/** A MovieBox (ISO/IEC 14496-12 §8.2.1). */
export interface Movie {
  readonly header: MovieHeader;
  readonly tracks: readonly Track[];
  /** Whether fragments may follow: there is a `mvex` (§8.8.1). */
  readonly extended: boolean;
  /** In seconds, as `mehd` promises it for all fragments; null without. */
  readonly extendedDuration: number | null;
  /** What samples in fragments are like unless they say otherwise, by track id (`trex`, §8.8.3). */
  readonly defaults: ReadonlyMap<number, SampleDefaults>;
  /** The movie is compressed (`cmov`, QuickTime): nothing of it could be read. */
  readonly compressed: boolean;
  readonly faults: readonly MovieFault[];
}

/** Payload bytes to load while walking; all that a report needs, and never a table of samples. */
const KEEP = new Map<string, number>([
  ['mvhd', 128],
  ['tkhd', 128],
  ['mdhd', 64],
  ['hdlr', 64],
  ['elng', 64],
  ['elst', 16_384],
  ['chap', 64],
  ['dref', 1024],
  ['stsd', 65_536],
  ['stts', 65_536],
  ['mehd', 16],
  ['trex', 32],
  ...TABLE_HEADS,
]);

/**
 * Reads what a report needs of a moov box. Broken boxes become faults; the tracks that can be read are.
 *
 * @throws what the reader throws
 */
export async function readMovie(reader: BoundedReader, moov: BoxHeader): Promise<Movie> {
  const tree = await readBoxTree(reader, moov, KEEP);
  const faults: MovieFault[] = [...tree.faults];
  const attempt = async <T>(box: BoxNode, read: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ShortBoxError)) throw error;
      faults.push({ kind: 'short', within: box.type, offset: box.offset });
      return undefined;
    }
  };
  const { root } = tree;
  const compressed = findBox(root, 'cmov') !== undefined;
  const mvhd = findBox(root, 'mvhd');
  const header = (mvhd && (await attempt(mvhd, () => parseMovieHeader(mvhd.payload)))) ?? NO_HEADER;
  if (!mvhd && !compressed) faults.push({ kind: 'short', within: 'moov', offset: moov.offset });
  const tracks: Track[] = [];
  for (const trak of findBoxes(root, 'trak')) {
    const track = await attempt(trak, () => readTrack(reader, trak, header));
    if (track) tracks.push(track);
  }
  const mvex = findBox(root, 'mvex');
  const mehd = mvex && findBox(mvex, 'mehd');
  const promised = mehd && (await attempt(mehd, () => parseMovieExtendsHeader(mehd.payload)));
  const defaults = new Map<number, SampleDefaults>();
  for (const trex of mvex ? findBoxes(mvex, 'trex') : []) {
    const { payload } = trex;
    await attempt(trex, () =>
      defaults.set(payload.u32(4), { duration: payload.u32(12), flags: payload.u32(20) }),
    );
  }
  const chapters = new Set(tracks.flatMap(({ chapterTracks }) => chapterTracks));
  return {
    header,
    tracks: tracks.map((track) => (chapters.has(track.id) ? asChapters(track) : track)),
    extended: mvex !== undefined,
    extendedDuration: promised && header.timescale > 0 ? promised / header.timescale : null,
    defaults,
    compressed,
    faults,
  };
}

const NO_HEADER: MovieHeader = { timescale: 0, duration: null, matrix: UNITY };

/** Text that another track refers to names its chapters; a picture there illustrates them and stays a picture. */
function asChapters(track: Track): Track {
  return track.kind === 'subtitle' ? { ...track, kind: 'chapters' } : track;
}
