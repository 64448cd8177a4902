import { parseAudioSpecificConfig, Payload, ShortBoxError, videoCodecString } from '../isobmff/index.js';
import { unsigned } from './fields.js';

export interface Codec {
  /** For the `codecs` parameter of RFC 6381; null where it cannot be told from the file's head. */
  readonly codec: string | null;
  /** As FFmpeg says it. */
  readonly codecName: string | null;
}

/** Codec IDs (RFC 9559 §5.1.4.1.21, draft-ietf-cellar-codec) to common names. */
const NAMES: Record<string, string> = {
  V_VP8: 'vp8',
  V_VP9: 'vp9',
  V_AV1: 'av1',
  'V_MPEG4/ISO/AVC': 'h264',
  'V_MPEGH/ISO/HEVC': 'hevc',
  'V_MPEG4/ISO/ASP': 'mpeg4',
  'V_MPEG4/ISO/SP': 'mpeg4',
  V_MPEG2: 'mpeg2video',
  V_MPEG1: 'mpeg1video',
  V_THEORA: 'theora',
  V_PRORES: 'prores',
  V_FFV1: 'ffv1',
  V_MJPEG: 'mjpeg',
  A_OPUS: 'opus',
  A_VORBIS: 'vorbis',
  A_FLAC: 'flac',
  A_ALAC: 'alac',
  A_AC3: 'ac3',
  A_EAC3: 'eac3',
  A_DTS: 'dts',
  A_TRUEHD: 'truehd',
  'A_MPEG/L3': 'mp3',
  'A_MPEG/L2': 'mp2',
  'A_MPEG/L1': 'mp1',
  A_AAC: 'aac',
  'S_TEXT/UTF8': 'subrip',
  'S_TEXT/ASS': 'ass',
  'S_TEXT/SSA': 'ass',
  'S_TEXT/WEBVTT': 'webvtt',
  S_VOBSUB: 'dvd_subtitle',
  'S_HDMV/PGS': 'hdmv_pgs_subtitle',
};

/** Strings that need nothing but the codec's name. */
const PLAIN = new Set(['vp8', 'opus', 'vorbis', 'flac', 'alac', 'mp3']);
/** CodecPrivate that is a configuration record of the ISO base media file format. */
const RECORDS: Record<string, readonly [type: string, box: string]> = {
  h264: ['avc1', 'avcC'],
  hevc: ['hvc1', 'hvcC'],
  av1: ['av01', 'av1C'],
};
const DOLBY: Record<string, string> = { ac3: 'ac-3', eac3: 'ec-3' };

export function describeCodec(id: string, configuration?: Uint8Array, bitDepth?: Uint8Array): Codec {
  const codecName = NAMES[id] ?? (id.startsWith('A_AAC') ? 'aac' : pcmName(id, unsigned(bitDepth) ?? 16));
  return { codecName, codec: codecName === null ? null : codecString(codecName, configuration) };
}

function pcmName(id: string, bits: number): string | null {
  if (id === 'A_PCM/INT/LIT') return bits === 8 ? 'pcm_u8' : `pcm_s${bits}le`;
  if (id === 'A_PCM/INT/BIG') return `pcm_s${bits}be`;
  return id === 'A_PCM/FLOAT/IEEE' ? `pcm_f${bits}le` : null;
}

function codecString(name: string, configuration?: Uint8Array): string | null {
  if (PLAIN.has(name)) return name;
  if (DOLBY[name]) return DOLBY[name];
  if (name === 'vp9') return vp9(configuration);
  if (name === 'aac') {
    const config = configuration && parseAudioSpecificConfig(configuration);
    return `mp4a.40.${config?.audioObjectType ?? 2}`;
  }
  const record = RECORDS[name];
  if (!record || !configuration) return null;
  const [type, box] = record;
  try {
    const payload = new Payload(configuration);
    return videoCodecString(type, [{ type: box, start: 0, headerSize: 8, payload }]) ?? null;
  } catch (error) {
    if (error instanceof ShortBoxError) return null;
    throw error;
  }
}

/**
 * VP9 has a CodecPrivate of ID, length and value triples (WebM container guidelines, "VP9 Codec Feature Metadata"):
 * profile, level, bit depth. Without it the short form, which browsers take.
 */
function vp9(features?: Uint8Array): string {
  const values = new Map<number, number>();
  for (let at = 0; features && at + 3 <= features.length && features[at + 1] === 1; at += 3) {
    values.set(features[at]!, features[at + 2]!);
  }
  const said = [1, 2, 3].map((id) => values.get(id));
  if (said.includes(undefined)) return 'vp9';
  return `vp09.${said.map((value) => String(value).padStart(2, '0')).join('.')}`;
}
