import { orNull, type TrackReport } from '../isobmff/index.js';
import { describeCodec } from './codec.js';
import { type Field, fieldData, float, readFields, text, unsigned } from './fields.js';
import { ID } from './ids.js';

/** TrackType (RFC 9559 §5.1.4.1.3). */
const KINDS: Record<number, TrackReport['kind']> = { 1: 'video', 2: 'audio', 17: 'subtitle', 33: 'metadata' };
const MOST_TRACKS = 200;

/** How long blocks last that do not say so, by track number, in units of the timestamp scale. */
export function defaultDurations(tracks: readonly Field[], timestampScale: number): Map<number, number> {
  const durations = new Map<number, number>();
  for (const fields of entries(tracks)) {
    const duration = unsigned(fieldData(fields, ID.DEFAULT_DURATION));
    if (duration) durations.set(unsigned(fieldData(fields, ID.TRACK_NUMBER)) ?? 0, duration / timestampScale);
  }
  return durations;
}

/** @param duration of the whole file, in seconds */
export function reportTracks(
  tracks: readonly Field[],
  timestampScale: number,
  duration: number | null,
): TrackReport[] {
  return entries(tracks).map((fields) => reportTrack(fields, timestampScale, duration));
}

function entries(tracks: readonly Field[]): Field[][] {
  const found = tracks.filter(({ id }) => id === ID.TRACK_ENTRY).slice(0, MOST_TRACKS);
  return found.map(({ data }) => readFields(data));
}

function reportTrack(fields: readonly Field[], timestampScale: number, duration: number | null): TrackReport {
  const number = (id: number) => unsigned(fieldData(fields, id));
  const kind = KINDS[number(ID.TRACK_TYPE) ?? 0] ?? 'other';
  const video = kind === 'video' ? readFields(fieldData(fields, ID.VIDEO) ?? new Uint8Array(0)) : [];
  const audio = kind === 'audio' ? readFields(fieldData(fields, ID.AUDIO) ?? new Uint8Array(0)) : [];
  const encodings = fieldData(fields, ID.CONTENT_ENCODINGS);
  const encrypted = encodings ? isEncrypted(encodings) : false;
  const id = text(fieldData(fields, ID.CODEC_ID)) ?? '';
  const { codec, codecName } = describeCodec(
    id,
    fieldData(fields, ID.CODEC_PRIVATE),
    fieldData(audio, ID.BIT_DEPTH),
  );
  const frame = number(ID.DEFAULT_DURATION);
  return {
    id: number(ID.TRACK_NUMBER) ?? 0,
    kind,
    handler: '',
    enabled: number(ID.FLAG_ENABLED) !== 0,
    sampleEntry: null,
    codec,
    codecName,
    encrypted,
    encryptionScheme: null,
    language: languageOf(fields),
    duration,
    startTime: 0,
    timescale: Math.round(1_000_000_000 / timestampScale),
    sampleCount: null,
    bitRate: null,
    ...shapeOf(kind, video),
    frameRate: kind === 'video' && frame ? Math.round(1_000_000_000_000 / frame) / 1000 : null,
    ...soundOf(kind, audio, codecName),
  };
}

/** Some ContentEncoding holds a ContentEncryption (§5.1.4.1.31). */
function isEncrypted(encodings: Uint8Array): boolean {
  return readFields(encodings).some(({ data }) => fieldData(readFields(data), ID.CONTENT_ENCRYPTION));
}

/** BCP 47 where it is given, else ISO 639-2; a track that says neither is English (§5.1.4.1.19). */
function languageOf(fields: readonly Field[]): string | null {
  const said = text(fieldData(fields, ID.LANGUAGE_BCP_47)) ?? text(fieldData(fields, ID.LANGUAGE)) ?? 'eng';
  return said === 'und' || !/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(said) ? null : said;
}

function shapeOf(kind: TrackReport['kind'], video: readonly Field[]) {
  const width = orNull(unsigned(fieldData(video, ID.PIXEL_WIDTH)));
  const height = orNull(unsigned(fieldData(video, ID.PIXEL_HEIGHT)));
  // Other units say a ratio or centimetres.
  const inPixels = (unsigned(fieldData(video, ID.DISPLAY_UNIT)) ?? 0) === 0;
  const shown = (id: number) => (inPixels ? orNull(unsigned(fieldData(video, id))) : null);
  return {
    width,
    height,
    displayWidth: shown(ID.DISPLAY_WIDTH) ?? width,
    displayHeight: shown(ID.DISPLAY_HEIGHT) ?? height,
    rotation: kind === 'video' ? (0 as const) : null,
    mirrored: false,
    pixelAspectRatio: null,
  };
}

/** Opus decodes to 48 kHz, whatever rate was recorded (RFC 7845 §5.1). */
function soundOf(kind: TrackReport['kind'], audio: readonly Field[], codecName: string | null) {
  if (kind !== 'audio') return { channels: null, sampleRate: null };
  const rate =
    float(fieldData(audio, ID.OUTPUT_SAMPLING_FREQUENCY)) ?? float(fieldData(audio, ID.SAMPLING_FREQUENCY));
  const known = rate !== undefined && rate > 0 && rate < 2 ** 32;
  return {
    channels: unsigned(fieldData(audio, ID.CHANNELS)) ?? 1,
    sampleRate: codecName === 'opus' ? 48_000 : known ? Math.round(rate) : 8000,
  };
}
