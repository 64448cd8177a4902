import { parseStreamInfo } from '../flac/index.js';
import type { TrackFacts } from '../isobmff/index.js';

/** What the first packet of a logical stream says. */
export interface OggCodec extends TrackFacts {
  /** Seconds from the start to the end of a page with this granule position. */
  readonly timeOf: (granule: bigint) => number;
}

/** By the first packet; undefined for what is no media, or not known here. */
export function identify(packet: Uint8Array): OggCodec | undefined {
  const name = String.fromCharCode(...packet.subarray(0, 8));
  const known = CODECS.find(({ start, length }) => name.startsWith(start) && packet.length >= length);
  return known?.parse(new DataView(packet.buffer, packet.byteOffset, packet.byteLength), packet);
}

interface Codec {
  /** Of the packet. */
  readonly start: string;
  /** Bytes it cannot do without. */
  readonly length: number;
  readonly parse: (view: DataView, packet: Uint8Array) => OggCodec | undefined;
}

const CODECS: readonly Codec[] = [
  { start: 'OpusHead', length: 19, parse: opus },
  { start: '\x01vorbis', length: 30, parse: vorbis },
  { start: '\x7fFLAC', length: 51, parse: flac },
  { start: 'Speex   ', length: 80, parse: speex },
  { start: '\x80theora', length: 42, parse: theora },
];

/** RFC 7845 §5.1; granule positions count at 48 kHz and include the pre-skip (§4). */
function opus(view: DataView): OggCodec {
  const preSkip = view.getUint16(10, true);
  return {
    ...sound('opus', view.getUint8(9), 48_000),
    timeOf: (granule) => Math.max(0, Number(granule) - preSkip) / 48_000,
  };
}

/** Vorbis I §4.2.2. */
function vorbis(view: DataView): OggCodec {
  const nominal = view.getInt32(20, true);
  return {
    ...sound('vorbis', view.getUint8(11), view.getUint32(12, true)),
    bitRate: nominal > 0 ? nominal : null,
  };
}

/** RFC 9639 §10.1: STREAMINFO behind a header of 13 bytes and its own of 4. */
function flac(_: DataView, packet: Uint8Array): OggCodec | undefined {
  const info = parseStreamInfo(packet.subarray(17));
  return info && sound('flac', info.channels, info.sampleRate);
}

/** The Speex manual §7.3. */
function speex(view: DataView): OggCodec {
  return sound('speex', view.getUint32(48, true), view.getUint32(36, true));
}

function sound(codec: string, channels: number, sampleRate: number): OggCodec {
  return {
    kind: 'audio',
    codec,
    codecName: codec,
    channels,
    sampleRate,
    timeOf: (granule) => (sampleRate > 0 ? Number(granule) / sampleRate : 0),
  };
}

/** Theora §6.2; a granule position is a keyframe's number and the frames since, split at KFGSHIFT (§A.2.3). */
function theora(view: DataView): OggCodec | undefined {
  const u24 = (at: number) => view.getUint16(at) * 256 + view.getUint8(at + 2);
  const [numerator, denominator] = [view.getUint32(22), view.getUint32(26)];
  if (numerator === 0 || denominator === 0) return undefined;
  const shift = BigInt((view.getUint16(40) >>> 5) & 31);
  const frames = (granule: bigint) => (granule >> shift) + (granule & ((1n << shift) - 1n));
  return {
    kind: 'video',
    codec: 'theora',
    codecName: 'theora',
    width: u24(14),
    height: u24(17),
    frameRate: Math.round((numerator * 1000) / denominator) / 1000,
    timeOf: (granule) => (Number(frames(granule)) * denominator) / numerator,
  };
}
