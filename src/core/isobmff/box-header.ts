import { fourCharacters } from './payload.js';

/** The header of a Box (ISO/IEC 14496-12 §4.2). All numbers are bytes; `offset` counts from the start of the file. */
export interface BoxHeader {
  /** Four characters, one for each byte. */
  readonly type: string;
  readonly offset: number;
  /** Of the whole box, header included, as the file claims; at least `headerSize`. */
  readonly size: number;
  /** 8, or 16 where a 64-bit size follows the type. */
  readonly headerSize: 8 | 16;
  /** The size field was 0: the box claims everything up to the end of the file. */
  readonly toEnd: boolean;
}

/** Why the bytes at an offset are no box header. */
export type HeaderFault = 'short' | 'impossible-size' | 'size-beyond-any-file';

/** Bytes needed to decode any header. */
export const LONGEST_HEADER = 16;

/**
 * Decodes the box header in `bytes`, which stand at `offset` of the file and end where the file or the enclosing box
 * ends, or hold {@link LONGEST_HEADER} bytes.
 *
 * @param end where the file or the enclosing box ends: what size 0 stands for
 */
export function decodeBoxHeader(bytes: Uint8Array, offset: number, end: number): BoxHeader | HeaderFault {
  if (bytes.length < 8) return 'short';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = fourCharacters(bytes, 4);
  const size = view.getUint32(0);
  if (size === 0) return { type, offset, size: end - offset, headerSize: 8, toEnd: true };
  if (size > 1) return size < 8 ? 'impossible-size' : { type, offset, size, headerSize: 8, toEnd: false };
  if (bytes.length < 16) return 'short';
  const largeSize = view.getBigUint64(8);
  if (largeSize < 16n) return 'impossible-size';
  if (largeSize > BigInt(Number.MAX_SAFE_INTEGER)) return 'size-beyond-any-file';
  return { type, offset, size: Number(largeSize), headerSize: 16, toEnd: false };
}

/** Whether four characters could be a box type at all: printable ASCII, or the © of QuickTime's user data. */
export function isBoxType(type: string): boolean {
  return /^[\x20-\x7e\xa9]{4}$/.test(type);
}
