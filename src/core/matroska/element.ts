import type { BoundedReader } from '../isobmff/index.js';

/** The header of an EBML element (RFC 8794 §6). All numbers are bytes; `offset` counts from the start of the file. */
export interface Element {
  /** With its length marker, as the specifications write it: 0x1A45DFA3. */
  readonly id: number;
  readonly offset: number;
  readonly headerSize: number;
  /** Of its data, as the file claims; null where it is not known: up to what cannot be inside it. */
  readonly size: number | null;
}

/** Bytes needed to decode any header: an ID of four, a size of eight. */
export const LONGEST_HEADER = 12;

/** Decodes the element header at `at` of `bytes`, which stand at `offset` of the file; undefined where there is none. */
export function decodeElement(bytes: Uint8Array, at: number, offset: number): Element | undefined {
  const idLength = Math.clz32(bytes[at] ?? 0) - 23;
  const sizeAt = at + idLength;
  const sizeLength = Math.clz32(bytes[sizeAt] ?? 0) - 23;
  if (idLength > 4 || sizeLength > 8 || sizeAt + sizeLength > bytes.length) return undefined;
  let id = 0;
  for (const byte of bytes.subarray(at, sizeAt)) id = id * 256 + byte;
  let size = BigInt(bytes[sizeAt]! & (0xff >> sizeLength));
  for (const byte of bytes.subarray(sizeAt + 1, sizeAt + sizeLength)) size = size * 256n + BigInt(byte);
  const isUnknown = size === 2n ** BigInt(7 * sizeLength) - 1n;
  if (!isUnknown && size > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  return { id, offset, headerSize: idLength + sizeLength, size: isUnknown ? null : Number(size) };
}

/** @throws what the reader throws */
export async function readElement(reader: BoundedReader, offset: number): Promise<Element | undefined> {
  return decodeElement(await reader.read(offset, LONGEST_HEADER), 0, offset);
}

/** Where the data of an element ends; an unknown size ends nowhere before `end`. */
export function endOf({ offset, headerSize, size }: Element, end: number): number {
  return size === null ? end : Math.min(end, offset + headerSize + size);
}

/**
 * A size with `length` bytes (RFC 8794 §4), or with as many as it takes where they are too few.
 *
 * @param size below 2^53 - 1
 */
export function encodeSize(size: number, length: number): Buffer {
  while (length < 8 && size >= 2 ** (7 * length) - 1) length += 1;
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(size) + 2n ** BigInt(7 * length));
  return bytes.subarray(8 - length);
}
