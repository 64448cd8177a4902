import type { BoundedReader } from './bounded-reader.js';
import { type BoxNode, findBox } from './box-tree.js';
import { readDataReferences } from './data-reference.js';
import { type Matrix, combine, orientationOf } from './matrix.js';
import {
  type Edit,
  type MovieHeader,
  parseEditList,
  parseMediaHeader,
  parseTrackHeader,
  sumTimeToSample,
} from './movie-boxes.js';
import { orNull, Payload } from './payload.js';
import { type EntryForm, parseSampleEntry, type SampleEntry } from './sample-entry.js';
import { readSampleTable, type SampleTable } from './sample-table.js';

/** What a track holds, by the type of its handler (ISO/IEC 14496-12 §8.4.3). */
export type TrackKind =
  'video' | 'audio' | 'subtitle' | 'chapters' | 'timecode' | 'metadata' | 'hint' | 'other';

/** One track of a movie. Times are in seconds; null is: not said, or not applicable. */
export interface Track {
  readonly id: number;
  readonly kind: TrackKind;
  /** The handler's type: `vide`, `soun`, ... */
  readonly handler: string;
  readonly enabled: boolean;
  /** ISO 639-2/T, or what an extended language box says (BCP 47). */
  readonly language: string | null;
  /** Units per second of the track's own times. */
  readonly timescale: number;
  /** How long it is shown: the edit list's part of the samples in moov. Fragments are not counted. */
  readonly duration: number | null;
  /** How long the samples in moov last, in units of the timescale. */
  readonly mediaDuration: number | null;
  /** Where in the media the first edit that is not empty begins, in units of the timescale. */
  readonly mediaStart: number;
  /** Composition time offset of the first sample in moov, in units of the timescale. */
  readonly firstOffset: number;
  /** How long nothing is shown before it begins: leading empty edits. */
  readonly startTime: number;
  /** Null when no sample entry could be read. */
  readonly entry: SampleEntry | null;
  /** The size it is shown at, after its matrix, in pixels. */
  readonly displayWidth: number | null;
  readonly displayHeight: number | null;
  readonly rotation: 0 | 90 | 180 | 270 | null;
  readonly mirrored: boolean;
  readonly table: SampleTable | null;
  /** The tracks that hold its chapters' names. */
  readonly chapterTracks: readonly number[];
  /** Whether the media lies in this very file (§8.7.2). */
  readonly selfContained: boolean;
}

const KINDS: Record<string, TrackKind> = {
  vide: 'video',
  pict: 'video',
  auxv: 'video',
  soun: 'audio',
  sbtl: 'subtitle',
  subt: 'subtitle',
  text: 'subtitle',
  clcp: 'subtitle',
  subp: 'subtitle',
  tmcd: 'timecode',
  meta: 'metadata',
  hint: 'hint',
};

/**
 * Reads the track below a `trak` box.
 *
 * @throws {ShortBoxError} when a box it cannot do without is missing or cut off; what the reader throws
 */
export async function readTrack(reader: BoundedReader, trak: BoxNode, movie: MovieHeader): Promise<Track> {
  const header = parseTrackHeader(payloadOf(trak, 'tkhd'));
  const media = parseMediaHeader(payloadOf(trak, 'mdia', 'mdhd'));
  const handler = payloadOf(trak, 'mdia', 'hdlr').type(8);
  const kind = KINDS[handler] ?? 'other';
  const stbl = findBox(trak, 'mdia', 'minf', 'stbl');
  const table = stbl ? await readSampleTable(reader, stbl) : null;
  const written = stbl ? readFirstEntry(stbl, kind) : null;
  const entry = written && withRate(await hearFirstFrame(reader, written, table), kind, media.timescale);
  const elst = findBox(trak, 'edts', 'elst');
  const edits = elst ? parseEditList(elst.payload) : [];
  const stts = stbl && findBox(stbl, 'stts');
  const ctts = stbl && findBox(stbl, 'ctts')?.payload;
  const summed = stts ? sumTimeToSample(stts.payload) : null;
  const mediaDuration = smallest(orNull(media.duration), summed);
  return {
    id: header.id,
    kind,
    handler,
    enabled: header.enabled,
    language: readExtendedLanguage(trak) ?? media.language,
    timescale: media.timescale,
    mediaDuration,
    mediaStart: Math.max(0, edits.find(({ mediaTime }) => mediaTime >= 0)?.mediaTime ?? 0),
    firstOffset: ctts && ctts.length >= 16 ? ctts.i32(12) : 0,
    ...timeOf(edits, mediaDuration, media.timescale, movie.timescale),
    entry,
    ...shapeOf(kind, header, entry, movie.matrix),
    table,
    chapterTracks: readChapterTracks(trak),
    selfContained: isSelfContained(trak),
  };
}

function payloadOf(node: BoxNode, ...path: string[]): Payload {
  return findBox(node, ...path)?.payload ?? new Payload(new Uint8Array(0));
}

function smallest(declared: number | null, summed: number | null): number | null {
  if (declared === null || summed === null || summed === 0) return declared ?? summed;
  return Math.min(declared, summed);
}

/** What the edit list (§8.6.6) makes of the media: how long it is shown, and after what delay. */
function timeOf(
  edits: readonly Edit[],
  mediaDuration: number | null,
  timescale: number,
  movieTimescale: number,
): { duration: number | null; startTime: number } {
  const whole = mediaDuration !== null && timescale > 0 ? mediaDuration / timescale : null;
  if (edits.length === 0 || movieTimescale === 0) return { duration: whole, startTime: 0 };
  const firstShown = edits.findIndex(({ mediaTime }) => mediaTime >= 0);
  const delay = edits.slice(0, Math.max(0, firstShown)).reduce((sum, { duration }) => sum + duration, 0);
  const shown = edits.filter(({ mediaTime }) => mediaTime >= 0);
  const sum = shown.reduce((total, { duration }) => total + duration, 0) / movieTimescale;
  // A duration of 0 stands for the rest of the media.
  const duration = sum === 0 ? whole : whole === null || shown.length > 1 ? sum : Math.min(whole, sum);
  return { duration, startTime: delay / movieTimescale };
}

function readFirstEntry(stbl: BoxNode, kind: TrackKind): SampleEntry | null {
  const stsd = findBox(stbl, 'stsd')?.payload;
  if (!stsd || stsd.length < 16 || stsd.u32(4) === 0) return null;
  const end = Math.min(stsd.length, 8 + stsd.u32(8));
  const form: EntryForm = kind === 'video' ? 'visual' : kind === 'audio' ? 'audio' : 'other';
  return parseSampleEntry(stsd.type(12), stsd.from(16, Math.max(16, end)), form, stsd.u8(0));
}

/** Entries of MPEG audio often say two channels for mono; its frames know (ISO/IEC 11172-3 §2.4.1.3). */
async function hearFirstFrame(
  reader: BoundedReader,
  entry: SampleEntry,
  table: SampleTable | null,
): Promise<SampleEntry> {
  const at = table?.firstChunk ?? null;
  if (at === null || entry.encrypted || !/^mp[123]$/.test(entry.codecName ?? '')) return entry;
  const [sync, version, , mode] = await reader.read(at, 4);
  if (sync !== 0xff || version! < 0xe0 || mode === undefined) return entry;
  return { ...entry, channels: mode >> 6 === 3 ? 1 : 2 };
}

/** A rate above 65,535 Hz does not fit into an entry, which then says 0; sound counts its time in samples. */
function withRate(entry: SampleEntry, kind: TrackKind, timescale: number): SampleEntry {
  return kind === 'audio' && entry.sampleRate === null ? { ...entry, sampleRate: orNull(timescale) } : entry;
}

/** The `chap` reference of QuickTime (`tref`, §8.3.3). */
function readChapterTracks(trak: BoxNode): number[] {
  const chap = findBox(trak, 'tref', 'chap')?.payload;
  return Array.from({ length: Math.floor((chap?.length ?? 0) / 4) }, (_, index) => chap!.u32(index * 4));
}

function readExtendedLanguage(trak: BoxNode): string | null {
  const elng = findBox(trak, 'mdia', 'elng')?.payload;
  const text = elng ? String.fromCharCode(...elng.bytes.subarray(4)).split('\0')[0]! : '';
  return /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(text) && text !== 'und' ? text : null;
}

function shapeOf(
  kind: TrackKind,
  header: { matrix: Matrix; width: number; height: number },
  entry: SampleEntry | null,
  movieMatrix: Matrix,
): Pick<Track, 'displayWidth' | 'displayHeight' | 'rotation' | 'mirrored'> {
  if (kind !== 'video') return { displayWidth: null, displayHeight: null, rotation: null, mirrored: false };
  const { rotation, mirrored } = orientationOf(combine(header.matrix, movieMatrix));
  const [horizontal, vertical] = entry?.pixelAspectRatio ?? [1, 1];
  const [width, height] = [entry?.width ?? 0, entry?.height ?? 0];
  // Many writers put the coded size into tkhd even where pixels are not square.
  const says = header.width > 0 && header.height > 0 && (header.width !== width || header.height !== height);
  const shown = says ? [header.width, header.height] : [(width * horizontal) / vertical, height];
  const size = shown.map((length) => orNull(Math.round(length))) as [number | null, number | null];
  const [displayWidth, displayHeight] = rotation % 180 === 0 ? size : [size[1], size[0]];
  return { displayWidth, displayHeight, rotation, mirrored };
}

/** Whether some data reference (§8.7.2) points into this file, or there is none at all. */
function isSelfContained(trak: BoxNode): boolean {
  const dref = findBox(trak, 'mdia', 'minf', 'dinf', 'dref')?.payload;
  const references = dref ? readDataReferences(dref) : [];
  return references.length === 0 || references.includes(true);
}
