import { parseFrameHeader } from '../../../src/core/mpegaudio/index.js';

/** A frame of MPEG audio as its header has it: indexes into the tables of ISO/IEC 11172-3 §2.4.2.3. */
export interface FrameSpec {
  /** 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5. */
  readonly version?: 0 | 2 | 3;
  /** 1: layer III, 2: layer II, 3: layer I. */
  readonly layer?: 1 | 2 | 3;
  /** 9 is 128 kbit/s in MPEG-1 layer III. */
  readonly bitRate?: number;
  /** 0: 44,100 Hz in MPEG-1, 1: 48,000 Hz, 2: 32,000 Hz. */
  readonly sampleRate?: number;
  readonly padding?: 0 | 1;
  /** 3: mono. */
  readonly mode?: number;
}

/** One frame without sound; its bytes behind the header are `fill`. */
export function frame(spec: FrameSpec = {}, fill = 0): Buffer {
  const { version = 3, layer = 1, bitRate = 9, sampleRate = 1, padding = 0, mode = 0 } = spec;
  const header = Buffer.of(
    0xff,
    0xe1 | (version << 3) | (layer << 1),
    (bitRate << 4) | (sampleRate << 2) | (padding << 1),
    mode << 6,
  );
  const bytes = Buffer.alloc(parseFrameHeader(header, 0)!.length, fill);
  bytes.set(header);
  return bytes;
}

/** `count` frames, the specs by turns. */
export function frames(count: number, ...specs: readonly FrameSpec[]): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, index) => frame(specs[index % specs.length])));
}

/** An ID3v2.4 tag of this length in bytes, its header included. */
export function id3v2(length: number, footer = false): Buffer {
  const size = length - (footer ? 20 : 10);
  const tag = Buffer.alloc(length);
  tag.write('ID3\x04\0', 'latin1');
  tag[5] = footer ? 0x10 : 0;
  for (let index = 0; index < 4; index += 1) tag[6 + index] = (size >> (21 - 7 * index)) & 127;
  return tag;
}

/** An ID3v1 tag. */
export function id3v1(): Buffer {
  return Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125)]);
}

/** Where frames of MPEG-1 in stereo have their seek header. */
export const XING_AT = 36;

/** What a seek header is to say; what is left out it does not say. */
export interface SeekHeaderSpec {
  readonly kind?: 'Xing' | 'Info';
  readonly frames?: number;
  readonly bytes?: number;
  readonly toc?: readonly number[];
}

/** A table as of sound that is the same all the time. */
export const EVEN = Array.from({ length: 100 }, (_, percent) => Math.floor(percent * 2.56));

/** A frame of MPEG-1 in stereo with a Xing header. */
export function xingFrame({ kind = 'Xing', frames: count, bytes, toc }: SeekHeaderSpec): Buffer {
  const result = frame();
  result.write(kind, XING_AT, 'latin1');
  let at = XING_AT + 8;
  if (count !== undefined) at = result.writeUInt32BE(count, at);
  if (bytes !== undefined) at = result.writeUInt32BE(bytes, at);
  if (toc) result.set(toc, at);
  const flags = (count === undefined ? 0 : 1) | (bytes === undefined ? 0 : 2) | (toc ? 4 : 0);
  result.writeUInt32BE(flags, XING_AT + 4);
  return result;
}

/** A frame with Fraunhofer's header. */
export function vbriFrame({ frames: count = 0, bytes = 0 }: SeekHeaderSpec): Buffer {
  const result = frame();
  result.write('VBRI', 36, 'latin1');
  result.writeUInt16BE(1, 40);
  result.writeUInt32BE(bytes, 46);
  result.writeUInt32BE(count, 50);
  for (const [at, value] of [100, 1, 2, 1].entries()) result.writeUInt16BE(value, 54 + at * 2);
  return result;
}
