import { AGREEING, holdsFrames } from './first-frame.js';
import { type FrameHeader, longestFrame, parseFrameHeader } from './frame-header.js';
import { findTrailingTags, type FrameSource, latin1, skipLeadingTags } from './tags.js';

/** Where the frames of a file are. */
export interface FrameExtent {
  readonly first: FrameHeader;
  /** Where the tags at the start end; 0 without any. */
  readonly tags: number;
  /** Of the first frame, which may hold a seek header instead of sound. */
  readonly start: number;
  /** Where the tags behind the last frame begin, or the file ends. */
  readonly end: number;
  /** Of the file. */
  readonly size: number;
}

/** Read behind the tags: four frames of the longest kind, and as much of something else in front of them. */
const FRAMES = 8192;
/** How far behind the tags the first frame may be, zeros apart. */
const FARTHEST_FRAME = 2048;
/** Zeros that are skipped behind the tags. */
const MOST_PADDING = 64 * 1024;
/** The longest distance of two frames of free format that is looked at: 640 kbit/s at 32 kHz. */
const FREE_FORMAT = 2881;

/**
 * Finds the frames of an MPEG audio file between its tags; `free-format` where frames do not say how long they are,
 * undefined where there are none.
 *
 * A file without tags must begin with a frame, or with zeros: an archive may hold frames as well.
 *
 * @throws what the source throws
 */
export async function locateFrames(source: FrameSource): Promise<FrameExtent | 'free-format' | undefined> {
  const mark = await source.read(0, 4);
  if (mark[0] !== 0xff && !isZero(mark) && latin1(mark, 0, 3) !== 'ID3') return undefined;
  const tags = await skipLeadingTags(source);
  let from = tags;
  let bytes = await source.read(from, FRAMES);
  const isPadded = tags > 0 || isZero(bytes.subarray(0, 4));
  while (isPadded && from - tags < MOST_PADDING && bytes.length > 0 && isZero(bytes)) {
    from += bytes.length;
    bytes = await source.read(from, FRAMES);
  }
  const last = from + bytes.length >= source.size;
  const at = findFrame(bytes, isPadded ? leadingZeros(bytes) + FARTHEST_FRAME : 1, last);
  if (at === undefined) return isFreeFormat(bytes) ? 'free-format' : undefined;
  const start = from + at;
  const end = await findTrailingTags(source, start);
  return { first: parseFrameHeader(bytes, at)!, tags, start, end, size: source.size };
}

function findFrame(bytes: Uint8Array, before: number, last: boolean): number | undefined {
  for (let at = 0; at < Math.min(before, bytes.length); at += 1) {
    if (bytes[at] === 0xff && holdsFrames(bytes, at, last, parseFrameHeader)) return at;
  }
  return undefined;
}

/** Whether the same header without a bit rate stands there several times at one distance (give or take a slot). */
function isFreeFormat(bytes: Uint8Array): boolean {
  const isHeader = (at: number) =>
    bytes[at] === 0xff &&
    bytes[at + 1]! >= 0xe0 &&
    (bytes[at + 1]! & 0x18) !== 8 &&
    (bytes[at + 1]! & 6) !== 0 &&
    bytes[at + 1] === bytes[1] &&
    (bytes[at + 2]! & 0xfc) === (bytes[2]! & 0xfc) &&
    bytes[at + 2]! >> 4 === 0 &&
    (bytes[at + 2]! & 12) !== 12;
  if (!isHeader(0)) return false;
  for (let step = 24; step <= FREE_FORMAT; step += 1) {
    if (!isHeader(step)) continue;
    const next = [2 * step - 1, 2 * step, 2 * step + 1].find(isHeader);
    if (next !== undefined && [-1, 0, 1].some((slot) => isHeader(next + step + slot))) return true;
  }
  return false;
}

/** Bytes that hold {@link AGREEING} frames of a stream wherever one looks into it. */
export function windowLength(first: FrameHeader): number {
  return AGREEING * longestFrame(first);
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.length > 0 && leadingZeros(bytes) === bytes.length;
}

function leadingZeros(bytes: Uint8Array): number {
  const at = bytes.findIndex((byte) => byte !== 0);
  return at < 0 ? bytes.length : at;
}
