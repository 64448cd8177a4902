import { readAudioConfig } from './audio-config.js';
import { parseAudioSpecificConfig } from './audio-specific-config.js';
import { type ChildBox, childBoxes, childPayload } from './child-boxes.js';
import { codecNameOf, codecNameOfObjectType } from './codec-name.js';
import { type ElementaryStream, parseElementaryStream } from './elementary-stream.js';
import { orNull, Payload, ShortBoxError } from './payload.js';
import { pcmName } from './pcm.js';
import { videoCodecString } from './video-codec-string.js';

/** What a SampleEntry (ISO/IEC 14496-12 §8.5.2) says of a track's samples. Null is: not said, or not applicable. */
export interface SampleEntry {
  /** The entry's own type: `avc1`, `mp4a`, `encv`. */
  readonly type: string;
  /** The type of the unprotected format (`frma`) where the entry is a protected one, else the same as `type`. */
  readonly originalType: string;
  /** For the `codecs` parameter of RFC 6381. */
  readonly codec: string;
  /** The codec's common name, as FFmpeg says it. */
  readonly codecName: string | null;
  readonly encrypted: boolean;
  /** `cenc`, `cbcs`, ... */
  readonly encryptionScheme: string | null;
  /** Coded size in pixels. */
  readonly width: number | null;
  readonly height: number | null;
  /** Width to height of one pixel, where `pasp` says it. */
  readonly pixelAspectRatio: readonly [number, number] | null;
  readonly channels: number | null;
  /** In Hz. */
  readonly sampleRate: number | null;
  /** In bits per second, where the file states it. */
  readonly bitRate: number | null;
}

/** Which form of entry the track's handler calls for. */
export type EntryForm = 'visual' | 'audio' | 'other';

const PROTECTED = /^(?:enc[vatsm]|drm[sit]|resv)$/;
/** Of a SampleEntry: six reserved bytes and the data reference index. */
const COMMON = 8;
/** Bytes of a VisualSampleEntry (§12.1.3) before its boxes. */
export const VISUAL_ENTRY_FIELDS = COMMON + 70;
const AUDIO = COMMON + 20;

/**
 * Parses one sample entry.
 *
 * @param payload what follows the entry's box header
 * @param form by the track's handler
 * @param version of the enclosing stsd: a version 1 entry in a version 0 stsd is QuickTime's
 */
export function parseSampleEntry(
  type: string,
  payload: Payload,
  form: EntryForm,
  version: number,
): SampleEntry {
  const start =
    form === 'visual' ? VISUAL_ENTRY_FIELDS : form === 'audio' ? audioStart(payload, version) : COMMON;
  const boxes = withWave(childBoxes(payload, start));
  const protection = childBoxes(childPayload(boxes, 'sinf') ?? payload.from(payload.length), 0);
  const originalType = lenient(() => childPayload(protection, 'frma')?.type(0)) ?? type;
  const stream = lenient(() => {
    const esds = childPayload(boxes, 'esds');
    return esds && parseElementaryStream(esds);
  });
  return {
    type,
    originalType,
    encrypted: PROTECTED.test(type),
    encryptionScheme: lenient(() => childPayload(protection, 'schm')?.type(4)) ?? null,
    width: form === 'visual' ? (lenient(() => payload.u16(COMMON + 16)) ?? null) : null,
    height: form === 'visual' ? (lenient(() => payload.u16(COMMON + 18)) ?? null) : null,
    pixelAspectRatio: form === 'visual' ? readPixelAspectRatio(boxes) : null,
    bitRate: orNull(stream?.averageBitRate) ?? orNull(lenient(() => childPayload(boxes, 'btrt')?.u32(8))),
    ...describeCodec(originalType, boxes, stream, form, payload),
  };
}

/** Reads a field of a box that may be cut off, where the rest of the entry still says something. */
function lenient<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ShortBoxError) return undefined;
    throw error;
  }
}

/** Where the boxes of a sound entry begin: QuickTime's versions 1 and 2 have 16 and 36 more bytes of fields. */
function audioStart(payload: Payload, version: number): number {
  const entryVersion = payload.length >= COMMON + 2 ? payload.u16(COMMON) : 0;
  if (entryVersion === 2) return AUDIO + 36;
  return entryVersion === 1 && version === 0 && childBoxes(payload, AUDIO).length === 0 ? AUDIO + 16 : AUDIO;
}

/** QuickTime wraps a sound's configuration in `wave`: its boxes count as the entry's own. */
function withWave(boxes: readonly ChildBox[]): readonly ChildBox[] {
  const wave = childPayload(boxes, 'wave');
  return wave ? [...boxes, ...childBoxes(wave, 0)] : boxes;
}

function readPixelAspectRatio(boxes: readonly ChildBox[]): readonly [number, number] | null {
  const pasp = childPayload(boxes, 'pasp');
  if (!pasp || pasp.length < 8) return null;
  const [horizontal, vertical] = [pasp.u32(0), pasp.u32(4)];
  return horizontal > 0 && vertical > 0 ? [horizontal, vertical] : null;
}

type Codec = Pick<SampleEntry, 'codec' | 'codecName' | 'channels' | 'sampleRate'>;

function describeCodec(
  type: string,
  boxes: readonly ChildBox[],
  stream: ElementaryStream | undefined,
  form: EntryForm,
  payload: Payload,
): Codec {
  const none = { channels: null, sampleRate: null };
  if (form === 'audio') return describeAudio(type, boxes, stream, payload);
  if (form === 'other') return { codec: type, codecName: codecNameOf(type) ?? null, ...none };
  const codec = lenient(() => videoCodecString(type, boxes)) ?? mpeg4Visual(type, stream) ?? type;
  const codecName = (stream && codecNameOfObjectType(stream.objectType)) ?? codecNameOf(type) ?? null;
  return { codec, codecName, ...none };
}

/** `mp4v.` + objectTypeIndication, + profile_level_indication for MPEG-4 Visual (RFC 6381 §3.3). */
function mpeg4Visual(type: string, stream: ElementaryStream | undefined): string | undefined {
  if (type !== 'mp4v' || !stream) return undefined;
  const [a, b, c, start, profile] = stream.decoderConfig;
  const isSequence = a === 0 && b === 0 && c === 1 && start === 0xb0 && profile !== undefined;
  const suffix = stream.objectType === 0x20 && isSequence ? `.${profile}` : '';
  return `mp4v.${stream.objectType.toString(16).padStart(2, '0')}${suffix}`;
}

function describeAudio(
  type: string,
  boxes: readonly ChildBox[],
  stream: ElementaryStream | undefined,
  payload: Payload,
): Codec {
  const entry = lenient(() => readSoundFields(payload)) ?? { channels: 0, bits: 0, sampleRate: 0, flags: 0 };
  const config = stream && parseMpegAudio(stream);
  const hidden = config?.audioObjectType === 2 && isHalf(config.sampleRate, entry.sampleRate);
  const own = lenient(() => (stream && parseVorbis(stream)) ?? readAudioConfig(type, boxes));
  const channels = config?.channels ?? own?.channels ?? FIXED_CHANNELS[type] ?? entry.channels;
  const sampleRate =
    (hidden ? entry.sampleRate : config?.sampleRate) ??
    own?.sampleRate ??
    FIXED_RATES[type] ??
    entry.sampleRate;
  const named = stream && codecNameOfObjectType(stream.objectType);
  const pcm = lenient(() => pcmName({ type, bits: entry.bits, flags: entry.flags, boxes }));
  const layered = config && LAYERS[config.audioObjectType];
  return {
    codec: audioCodecString(type, stream, config?.audioObjectType),
    codecName: layered ?? named ?? pcm ?? codecNameOf(type) ?? null,
    channels: orNull(channels),
    sampleRate: orNull(sampleRate),
  };
}

/**
 * HE-AAC may be signalled by nothing but the entry's rate being twice the core's (ISO/IEC 14496-3 §1.6.5.3, implicit
 * signalling), which only makes sense for cores of up to 24 kHz.
 */
function isHalf(core: number | null, written: number): boolean {
  return core !== null && core <= 24_000 && written === core * 2;
}

/** Speech codecs have one channel and one rate, whatever the entry says (3GPP TS 26.244 §6.5). */
const FIXED_CHANNELS: Record<string, number> = { samr: 1, sawb: 1 };
const FIXED_RATES: Record<string, number> = { samr: 8000, sawb: 16_000 };
/** Audio object types that are codecs of their own in an MPEG-4 wrapping. */
const LAYERS: Record<number, string> = { 32: 'mp1', 33: 'mp2', 34: 'mp3', 36: 'mp4als' };

/** The identification header of Vorbis (Vorbis I §4.2.2); its numbers are little-endian. */
function parseVorbis({ objectType, decoderConfig }: ElementaryStream) {
  const start = String.fromCharCode(...decoderConfig.subarray(0, 64)).indexOf('\x01vorbis');
  if (objectType !== 0xdd || start < 0) return undefined;
  const header = new Payload(decoderConfig.subarray(start));
  const rate = header.bytes.subarray(12, 16).reduceRight((sum, byte) => sum * 256 + byte, 0);
  return { channels: header.u8(11), sampleRate: rate };
}

function parseMpegAudio({ objectType, decoderConfig }: ElementaryStream) {
  const isAac = objectType === 0x40 || (objectType >= 0x66 && objectType <= 0x68);
  return isAac && decoderConfig.length > 0 ? parseAudioSpecificConfig(decoderConfig) : undefined;
}

const CODEC_STRINGS: Record<string, string> = { Opus: 'opus', fLaC: 'flac', '.mp3': 'mp3' };

/** `mp4a.` + objectTypeIndication, + audio object type for MPEG-4 audio (RFC 6381 §3.3); else the entry's type. */
function audioCodecString(type: string, stream: ElementaryStream | undefined, objectType?: number): string {
  if (type !== 'mp4a' || !stream) return CODEC_STRINGS[type] ?? type;
  const suffix = stream.objectType === 0x40 && objectType !== undefined ? `.${objectType}` : '';
  return `mp4a.${stream.objectType.toString(16).padStart(2, '0')}${suffix}`;
}

/** The fields of AudioSampleEntry (§12.2.3), or of version 2 of QuickTime's sound description. */
function readSoundFields(payload: Payload) {
  if (payload.u16(COMMON) === 2) {
    return {
      sampleRate: Math.round(payload.f64(COMMON + 24)),
      channels: payload.u32(COMMON + 32),
      bits: payload.u32(COMMON + 40),
      flags: payload.u32(COMMON + 44),
    };
  }
  return {
    channels: payload.u16(COMMON + 8),
    bits: payload.u16(COMMON + 10),
    sampleRate: payload.u16(COMMON + 16),
    flags: 0,
  };
}
