import { setImmediate } from 'node:timers/promises';
import type { ByteSource } from '../bytes/index.js';
import type { FrameExtent } from './frame-extent.js';
import { AGREEING } from './first-frame.js';
import { constantAt, frameLengthAt } from './frame-header.js';
import { FramePositions } from './frame-positions.js';
import { tagLengthAt } from './tags.js';

/** What one walk over all frames found. */
export interface FrameScan {
  /** Whole frames. */
  readonly frames: number;
  /** Bytes they take. */
  readonly frameBytes: number;
  /** Where the last whole frame ends. */
  readonly end: number;
  /** Whether not all frames have the same bit rate. */
  readonly varies: boolean;
  /** Frames that are mono in a file that begins in stereo, or the other way round. */
  readonly otherChannels: number;
  /** Whether frames of another version, layer or sample rate follow; the scan ends where they begin. */
  readonly mixed: boolean;
  /** Bytes that are part of no frame and no tag; a frame the file ends in is not among them. */
  readonly garbage: number;
  /** How often the frames broke off and were found again. */
  readonly resyncs: number;
  /** Bytes of tags among the frames, as of files that were put one behind the other. */
  readonly tagBytes: number;
  readonly positions: FramePositions;
}

/** Read at a time. */
const BLOCK = 256 * 1024;
/** Blocks after which others have their turn, also where the source answers at once. */
const TURN = 4;
/** What telling a tag needs. */
const TAG_HEADER = 32;

/**
 * Walks over all frames of an extent, with one buffer and constant memory.
 *
 * @throws what the source throws; the signal's reason
 */
export async function scanFrames(
  source: Pick<ByteSource, 'readInto'>,
  extent: FrameExtent,
  signal?: AbortSignal,
): Promise<FrameScan> {
  const walk = new FrameWalk(extent);
  const buffer = Buffer.allocUnsafe(Math.min(BLOCK, Math.max(0, extent.end - extent.start)));
  let offset = extent.start;
  for (let blocks = 1; offset < extent.end && !walk.mixed; blocks += 1) {
    signal?.throwIfAborted();
    const wanted = Math.min(BLOCK, extent.end - offset);
    const filled = await source.readInto(buffer.subarray(0, wanted), offset);
    const isLast = filled < wanted || offset + filled >= extent.end;
    offset += walk.over(buffer.subarray(0, filled), offset, isLast);
    if (isLast) break;
    if (blocks % TURN === 0) await setImmediate();
  }
  return walk;
}

class FrameWalk implements FrameScan {
  frames = 0;
  frameBytes = 0;
  end: number;
  varies = false;
  otherChannels = 0;
  mixed = false;
  garbage = 0;
  resyncs = 0;
  tagBytes = 0;
  readonly positions = new FramePositions();

  readonly #constant: number;
  readonly #isMono: boolean;
  /** Bit rate of the first frame, as its index stands in the header. */
  #bitRate = -1;
  /** Whether the frames broke off: a header alone is then not believed. */
  #isLost = false;

  constructor({ first, start }: FrameExtent) {
    this.#constant = first.constant;
    this.#isMono = first.channels === 1;
    this.end = start;
  }

  /** Walks over `bytes`, which stand at `offset`; returns how many are done with, which may be more than there are. */
  over(bytes: Buffer, offset: number, isLast: boolean): number {
    let at = 0;
    while (at + 4 <= bytes.length) {
      if (this.#isLost) {
        const found = this.#find(bytes, at, isLast);
        this.garbage += found - at;
        at = found;
        if (this.#isLost || this.mixed) break;
      }
      const length = frameLengthAt(bytes, at);
      if (length > 0 && constantAt(bytes, at) === this.#constant) {
        if (isLast && at + length > bytes.length) break;
        this.#count(bytes, at, length, offset);
        at += length;
        continue;
      }
      if (!isLast && at + TAG_HEADER > bytes.length) break;
      const tag = tagLengthAt(bytes, at);
      this.tagBytes += tag;
      at += tag;
      this.#isLost = tag === 0;
      if (this.#isLost) this.resyncs += 1;
    }
    return at;
  }

  /** Where frames go on, or what is to be read again with the bytes behind it, or the end. */
  #find(bytes: Buffer, from: number, isLast: boolean): number {
    for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
      const chain = this.#follow(bytes, at, isLast);
      if (chain === 'none') continue;
      this.#isLost = chain === 'cut-off';
      this.mixed = chain === 'other';
      return at;
    }
    return bytes.length;
  }

  /** Whether a frame at `at` is one: another must follow, and three of it when they are of another kind. */
  #follow(bytes: Uint8Array, at: number, isLast: boolean): 'same' | 'other' | 'none' | 'cut-off' {
    const constant = constantAt(bytes, at);
    const isSame = constant === this.#constant;
    let position = at;
    for (let count = 0; count < (isSame ? 2 : AGREEING); count += 1) {
      if (position + 4 > bytes.length) {
        if (!isLast) return 'cut-off';
        return isSame && count > 0 && position === bytes.length ? 'same' : 'none';
      }
      const length = frameLengthAt(bytes, position);
      if (length === 0 || constantAt(bytes, position) !== constant) return 'none';
      position += length;
    }
    return isSame ? 'same' : 'other';
  }

  #count(bytes: Uint8Array, at: number, length: number, offset: number): void {
    const bitRate = bytes[at + 2]! >> 4;
    if (this.#bitRate < 0) this.#bitRate = bitRate;
    else if (bitRate !== this.#bitRate) this.varies = true;
    if ((bytes[at + 3]! >> 6 === 3) !== this.#isMono) this.otherChannels += 1;
    if (this.frames === this.positions.next) this.positions.mark(offset + at);
    this.frames += 1;
    this.frameBytes += length;
    this.end = offset + at + length;
  }
}
