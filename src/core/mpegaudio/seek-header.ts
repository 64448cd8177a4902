import { type FrameHeader, sideInfoLength } from './frame-header.js';
import { latin1 } from './tags.js';

/** What the first frame of a file says of the whole, in place of sound. */
export interface SeekHeader {
  /** `Xing` of VBR files, `Info` of CBR ones, `VBRI` of Fraunhofer's encoders. */
  readonly kind: 'Xing' | 'Info' | 'VBRI';
  /** Frames behind this one. */
  readonly frames: number | undefined;
  /** From the start of this frame to the end of the last. */
  readonly bytes: number | undefined;
  /**
   * By percent of the duration: where that is, in 256ths of `bytes`. Not decoded of `VBRI`, whose table has another
   * form; `hasTable` is true of both.
   */
  readonly toc: Uint8Array | undefined;
  readonly hasTable: boolean;
  /** 0 to 100, best first. */
  readonly quality: number | undefined;
  readonly lame: LameTag | undefined;
}

/** LAME's part behind a Xing header, 36 bytes; others write it as well. */
export interface LameTag {
  readonly bytes: Uint8Array;
  /** Samples the encoder put in front and behind; undefined where the writer is not known to mean them. */
  readonly delay: number | undefined;
  readonly padding: number | undefined;
  /** Whether the tag's own checksum is right. */
  readonly isSealed: boolean;
}

export const LAME_LENGTH = 36;

/**
 * Decodes the seek header in a frame; undefined when it holds none.
 *
 * `Xing` and `Info` stand behind the side information (Xing's VBR header SDK; LAME's `VbrTag.c`), which a checksum
 * moves by two bytes; `VBRI` always at byte 36 (Fraunhofer's VBRI SDK).
 *
 * @param bytes a whole frame of layer III, or what there is of it
 */
export function decodeSeekHeader(bytes: Uint8Array, header: FrameHeader): SeekHeader | undefined {
  const frame = bytes.subarray(0, header.length);
  const offset = 4 + sideInfoLength(header);
  for (const at of [offset, offset + 2]) {
    const kind = latin1(frame, at, 4);
    if (kind === 'Xing' || kind === 'Info') return decodeXing(frame, at, kind);
  }
  return latin1(frame, 36, 4) === 'VBRI' ? decodeVbri(frame) : undefined;
}

function decodeXing(frame: Uint8Array, start: number, kind: 'Xing' | 'Info'): SeekHeader {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  let at = start + 8;
  const flags = frame.length >= at ? view.getUint32(start + 4) : 0;
  const field = (flag: number, length: number) => {
    if ((flags & flag) === 0 || at + length > frame.length) return undefined;
    at += length;
    return at - length;
  };
  const number = (position: number | undefined) =>
    position === undefined ? undefined : view.getUint32(position);
  const frames = number(field(1, 4));
  const bytes = number(field(2, 4));
  const table = field(4, 100);
  const quality = number(field(8, 4));
  const toc = table === undefined ? undefined : frame.subarray(table, table + 100);
  return { kind, frames, bytes, toc, hasTable: toc !== undefined, quality, lame: decodeLame(frame, at) };
}

function decodeLame(frame: Uint8Array, at: number): LameTag | undefined {
  const bytes = frame.subarray(at, at + LAME_LENGTH);
  if (bytes.length < LAME_LENGTH || !/^[A-Za-z0-9.]{4}/.test(latin1(bytes, 0, 4))) return undefined;
  const means = /^(?:LAME|Lav[fc])/.test(latin1(bytes, 0, 4));
  return {
    bytes,
    delay: means ? (bytes[21]! << 4) | (bytes[22]! >> 4) : undefined,
    padding: means ? ((bytes[22]! & 15) << 8) | bytes[23]! : undefined,
    isSealed: lameChecksum(frame.subarray(0, at + LAME_LENGTH - 2)) === ((bytes[34]! << 8) | bytes[35]!),
  };
}

function decodeVbri(frame: Uint8Array): SeekHeader | undefined {
  if (frame.length < 36 + 26) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const [bytes, frames, entries] = [view.getUint32(46), view.getUint32(50), view.getUint16(54)];
  return {
    kind: 'VBRI',
    frames,
    bytes,
    toc: undefined,
    hasTable: entries > 0,
    quality: undefined,
    lame: undefined,
  };
}

/** CRC-16 (polynomial 0x8005, reflected, from 0) of all in front of the checksum, as LAME writes it. */
export function lameChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >> 1) ^ 0xa001 : sum >> 1;
  }
  return sum;
}
