import { type FrameHeader, parseFrameHeader, sideInfoLength } from './frame-header.js';
import { LAME_LENGTH, lameChecksum, type LameTag } from './seek-header.js';

/** What a Xing frame is to say. */
export interface XingContents {
  readonly kind: 'Xing' | 'Info';
  /** Frames behind this one. */
  readonly frames: number;
  /** Bytes behind this frame that belong to the sound. */
  readonly bytesBehind: number;
  /** Where in those the sound of a percentage of the duration is, in bytes; asked from 0 to 99. */
  readonly positionAt: (percent: number) => number;
  readonly quality?: number | undefined;
  /** Kept as it is, but for its length of the music and its checksum, and the padding where that is not true. */
  readonly lame?: LameTag | undefined;
  readonly isPaddingTrue?: boolean;
}

const FRAMES = 1;
const BYTES = 2;
const TABLE = 4;
const QUALITY = 8;

/**
 * A Xing frame (Xing's VBR header SDK): a frame of layer III whose side information is zero, so that a decoder that
 * does not know it hears silence, and the header behind that. It has the version, sample rate and channel mode of
 * `frame`, no checksum, and its bit rate, or the next at which the header fits in.
 *
 * @param frame the first four bytes of a frame of the file
 */
export function makeXingFrame(frame: Uint8Array, contents: XingContents): Uint8Array {
  const { quality, lame } = contents;
  const parsed = parseFrameHeader(frame, 0)!;
  const start = 4 + sideInfoLength(parsed);
  const end = start + 116 + (quality === undefined ? 0 : 4) + (lame ? LAME_LENGTH : 0);
  const header = headerOf(frame, end);
  const xing = Buffer.alloc(parseFrameHeader(header, 0)!.length);
  xing.set(header);
  xing.write(contents.kind, start, 'latin1');
  xing.writeUInt32BE(FRAMES | BYTES | TABLE | (quality === undefined ? 0 : QUALITY), start + 4);
  xing.writeUInt32BE(clampTo32(contents.frames), start + 8);
  const bytes = xing.length + contents.bytesBehind;
  xing.writeUInt32BE(clampTo32(bytes), start + 12);
  for (let percent = 0; percent < 100; percent += 1) {
    const position = xing.length + contents.positionAt(percent);
    xing[start + 16 + percent] = Math.min(255, Math.floor((256 * position) / bytes));
  }
  if (quality !== undefined) xing.writeUInt32BE(quality, start + 116);
  if (lame) writeLame(xing, end - LAME_LENGTH, lame, bytes, contents.isPaddingTrue ?? true);
  return xing;
}

/** The header of `frame` without a checksum, at the next bit rate whose frames hold `needed` bytes. */
function headerOf(frame: Uint8Array, needed: number): Uint8Array {
  const header = Uint8Array.from(frame.subarray(0, 4));
  header[1]! |= 1;
  while (lengthOf(header) < needed && header[2]! >> 4 < 14) header[2]! += 0x10;
  return header;
}

const lengthOf = (header: Uint8Array): number => (parseFrameHeader(header, 0) as FrameHeader).length;
const clampTo32 = (value: number): number => Math.min(value, 0xffff_ffff);

/** LAME's tag says the bytes once more, and seals all in front of its checksum. */
function writeLame(
  xing: Buffer,
  at: number,
  { bytes, isSealed }: LameTag,
  total: number,
  keepPadding: boolean,
): void {
  xing.set(bytes, at);
  xing.writeUInt32BE(clampTo32(total), at + 28);
  if (!keepPadding) {
    xing[at + 22]! &= 0xf0;
    xing[at + 23] = 0;
  }
  // A wrong or missing seal stays: nobody looked at it before.
  if (isSealed) xing.writeUInt16BE(lameChecksum(xing.subarray(0, at + 34)), at + 34);
}
