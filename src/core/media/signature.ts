import { parseAdtsHeader } from '../adts/index.js';
import { isPlaylist } from '../hls/index.js';
import type { BoundedReader } from '../isobmff/index.js';
import { holdsFrames, parseFrameHeader, skipLeadingTags } from '../mpegaudio/index.js';
import type { Container } from './container.js';

/** A container told by its first bytes, and what it holds as far as those say. */
export interface Signature {
  readonly container: Container;
  readonly contents: 'pictures' | 'sound' | 'unknown';
}

/** Bytes read from the start, and again behind an ID3 tag. */
const HEAD = 4096;
/** Bytes that hold four frames of the longest kind behind that. */
const FRAMES = 8192;
/** How far into a file the first frame of MPEG audio may be, behind zeros and broken tags. */
const FARTHEST_FRAME = 2048;

/**
 * Tells containers outside the ISO base media family by signature, never by name; undefined for what is no media.
 *
 * @throws what the reader throws
 */
export async function readSignature(reader: BoundedReader): Promise<Signature | undefined> {
  const head = await reader.read(0, HEAD);
  for (const recognise of [matroska, ogg, riff, aiff, flac, flv, asf, transportStream, programStream, hls]) {
    const found = recognise(head);
    if (found) return found;
  }
  return elementaryAudio(reader);
}

const text = (bytes: Uint8Array, at: number, length: number) =>
  String.fromCharCode(...bytes.subarray(at, at + length));
const startsWith = (bytes: Uint8Array, ...start: number[]) => start.every((byte, at) => bytes[at] === byte);

/** EBML header with its DocType element, 0x4282 (RFC 8794 §11.2.4, RFC 9559). */
function matroska(head: Uint8Array): Signature | undefined {
  if (!startsWith(head, 0x1a, 0x45, 0xdf, 0xa3)) return undefined;
  const docType = /\x42\x82[\x80-\xff](matroska|webm)/.exec(text(head, 0, 128))?.[1];
  return docType ? { container: docType as Container, contents: 'unknown' } : undefined;
}

/** The first page (RFC 3533 §6); its packet names the codec. */
function ogg(head: Uint8Array): Signature | undefined {
  if (text(head, 0, 5) !== 'OggS\0') return undefined;
  const packet = text(head, 27 + (head[26] ?? 0), 8);
  const among = (starts: readonly string[]) => starts.some((start) => packet.startsWith(start));
  const pictures = among(['\x80theora', 'BBCD\0', 'fishead', '\x01video']);
  const sound = among(['OpusHead', '\x01vorbis', '\x7fFLAC', 'Speex   ', 'PCM     ']);
  return { container: 'ogg', contents: pictures ? 'pictures' : sound ? 'sound' : 'unknown' };
}

function riff(head: Uint8Array): Signature | undefined {
  if (!/^(?:RIFF|RF64|BW64)$/.test(text(head, 0, 4))) return undefined;
  const form = text(head, 8, 4);
  if (form === 'WAVE') return { container: 'wav', contents: 'sound' };
  return form === 'AVI ' ? { container: 'avi', contents: 'pictures' } : undefined;
}

function aiff(head: Uint8Array): Signature | undefined {
  const found = text(head, 0, 4) === 'FORM' && /^AIF[FC]$/.test(text(head, 8, 4));
  return found ? { container: 'aiff', contents: 'sound' } : undefined;
}

/** `fLaC`, then STREAMINFO, which is always first and 34 bytes long (RFC 9639 §8). */
function flac(head: Uint8Array): Signature | undefined {
  const found = text(head, 0, 4) === 'fLaC' && ((head[4] ?? 1) & 0x7f) === 0 && head[7] === 34;
  return found ? { container: 'flac', contents: 'sound' } : undefined;
}

function flv(head: Uint8Array): Signature | undefined {
  const found = text(head, 0, 4) === 'FLV\x01' && head[5] === 0 && head[8] === 9;
  return found ? { container: 'flv', contents: 'unknown' } : undefined;
}

/** The header object's GUID 75B22630-668E-11CF-A6D9-00AA0062CE6C. */
function asf(head: Uint8Array): Signature | undefined {
  const found = startsWith(
    head,
    ...[0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0x00, 0xaa, 0x00, 0x62, 0xce, 0x6c],
  );
  return found ? { container: 'asf', contents: 'unknown' } : undefined;
}

/** A sync byte every 188 bytes (ISO/IEC 13818-1 §2.4.3), or every 192 with a time in front (Blu-ray, AVCHD). */
function transportStream(head: Uint8Array): Signature | undefined {
  const packets = (first: number, step: number) => {
    const count = Math.min(8, Math.floor(head.length / step));
    return (
      count >= 4 && Array.from({ length: count }).every((_, index) => head[first + index * step] === 0x47)
    );
  };
  return packets(0, 188) || packets(4, 192) ? { container: 'mpeg-ts', contents: 'unknown' } : undefined;
}

/** A pack header and the mark of MPEG-1 or MPEG-2 behind it (ISO/IEC 13818-1 §2.5.3.3). */
function programStream(head: Uint8Array): Signature | undefined {
  const mark = head[4] ?? 0;
  const found = startsWith(head, 0, 0, 1, 0xba) && (mark >> 6 === 1 || mark >> 4 === 2);
  return found ? { container: 'mpeg-ps', contents: 'pictures' } : undefined;
}

function hls(head: Uint8Array): Signature | undefined {
  return isPlaylist(head) ? { container: 'hls', contents: 'unknown' } : undefined;
}

/** MP3 and ADTS have no signature but their frames; FLAC may hide behind an ID3 tag as well. */
async function elementaryAudio(reader: BoundedReader): Promise<Signature | undefined> {
  const start = await skipLeadingTags(reader);
  const bytes = await reader.read(start, FRAMES);
  if (start > 0 && flac(bytes)) return flac(bytes);
  const last = start + bytes.length >= reader.size;
  const padded = start > 0 || startsWith(bytes, 0, 0, 0, 0);
  const frames = (at: number) => {
    if (holdsFrames(bytes, at, last, parseAdtsHeader)) return 'aac' as const;
    return holdsFrames(bytes, at, last, parseFrameHeader) ? ('mp3' as const) : undefined;
  };
  for (let at = 0; at < Math.min(bytes.length, FARTHEST_FRAME); at += 1) {
    const container = bytes[at] === 0xff ? frames(at) : undefined;
    if (container) return { container, contents: 'sound' };
    if (!padded) break; // an archive may hold frames as well
  }
  return start > 0 ? { container: 'mp3', contents: 'sound' } : undefined;
}
