import type { ByteSource } from '../bytes/index.js';

/** What reading tags and headers needs of a source. */
export type FrameSource = Pick<ByteSource, 'size' | 'read'>;

/** Tags in a row that are believed: taggers that do not know each other leave two or three. */
const MOST_TAGS = 16;
/** A Lyrics3 block of version 1 is at most 5100 bytes long, its two marks apart. */
const LYRICS3_V1 = 5100 + 20;

/**
 * The length of the tag that begins at `at`, in bytes; 0 where there is none: ID3v2 (§3.1 of its version 2.4.0, whose
 * size has seven bits a byte and leaves out header and footer), APEv2 with its header in front, ID3v1.
 */
export function tagLengthAt(bytes: Uint8Array, at: number): number {
  const mark = latin1(bytes, at, 8);
  if (mark.startsWith('ID3')) return id3v2Length(bytes, at, 10);
  if (mark === 'APETAGEX' && bytes.length >= at + 32 && (bytes[at + 23]! & 0x20) !== 0)
    return 32 + viewOf(bytes).getUint32(at + 12, true);
  return mark.startsWith('TAG') ? 128 : 0;
}

function id3v2Length(bytes: Uint8Array, at: number, header: number): number {
  if (bytes.length < at + header || bytes[at + 3]! < 2 || bytes[at + 3]! > 4) return 0;
  const size = bytes.subarray(at + 6, at + 10);
  if (size.some((byte) => byte >= 0x80)) return 0;
  const footer = (bytes[at + 5]! & 0x10) !== 0 ? 10 : 0;
  return header + size.reduce((sum, byte) => sum * 128 + byte, 0) + footer;
}

/**
 * Where the ID3v2 tags at the start of a file end; 0 when there is none. It may lie behind the end of the file.
 *
 * @throws what the source throws
 */
export async function skipLeadingTags(source: FrameSource): Promise<number> {
  let at = 0;
  for (let count = 0; count < MOST_TAGS; count += 1) {
    const bytes = await source.read(at, 10);
    const length = latin1(bytes, 0, 3) === 'ID3' ? tagLengthAt(bytes, 0) : 0;
    if (length === 0) break;
    at += length;
  }
  return at;
}

/**
 * Where the tags at the end of a file begin; the file's size when there are none: ID3v1 and its extension, APEv1
 * and APEv2, Lyrics3 of both versions, ID3v2 with a footer. Never in front of `start`.
 *
 * @throws what the source throws
 */
export async function findTrailingTags(source: FrameSource, start: number): Promise<number> {
  let end = source.size;
  for (let count = 0; count < MOST_TAGS; count += 1) {
    const from = Math.max(start, end - 128);
    const length = await trailingTagLength(source, await source.read(from, end - from), end);
    if (length === 0 || end - length < start) break;
    end -= length;
  }
  return end;
}

async function trailingTagLength(source: FrameSource, tail: Uint8Array, end: number): Promise<number> {
  const size = tail.length;
  if (size === 128 && latin1(tail, 0, 3) === 'TAG') {
    const extension = end >= 355 ? await source.read(end - 355, 4) : tail;
    return latin1(extension, 0, 4) === 'TAG+' ? 355 : 128;
  }
  if (size >= 32 && latin1(tail, size - 32, 8) === 'APETAGEX') {
    const header = (tail[size - 9]! & 0x80) !== 0 ? 32 : 0;
    return viewOf(tail).getUint32(size - 20, true) + header;
  }
  const mark = latin1(tail, size - 15, 15);
  const lyrics = /^(\d{6})LYRICS200$/.exec(mark);
  if (lyrics) return Number(lyrics[1]) + 15;
  if (mark.endsWith('LYRICSEND')) {
    const from = Math.max(0, end - LYRICS3_V1);
    const begin = latin1(await source.read(from, end - from), 0, end - from).lastIndexOf('LYRICSBEGIN');
    return begin < 0 ? 0 : end - from - begin;
  }
  return size >= 10 && latin1(tail, size - 10, 3) === '3DI' ? id3v2Length(tail, size - 10, 10) : 0;
}

/** Text of bytes, one character each; shorter where the bytes end first. */
export function latin1(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.subarray(Math.max(0, at), Math.max(0, at + length))).toString('latin1');
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
