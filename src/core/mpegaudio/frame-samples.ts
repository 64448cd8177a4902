import type { FrameExtent } from './frame-extent.js';
import { windowLength } from './frame-extent.js';
import { AGREEING, holdsFrames } from './first-frame.js';
import { type FrameHeader, parseFrameHeader } from './frame-header.js';
import type { FrameSource } from './tags.js';

/** What a look into some places of a file says of all its frames. */
export interface FrameSamples {
  /** Frames seen. */
  readonly frames: number;
  /** Their average length in bytes; NaN when none was seen. */
  readonly meanLength: number;
  /** Whether frames of different bit rates were seen. */
  readonly varies: boolean;
  /**
   * Whether all frames seen have one bit rate and stand where they would if all the others had it as well. The frames
   * of a constant bit rate fill a fixed number of bytes a second, so each stands within two bytes of a multiple of
   * their average length.
   */
  readonly isConstant: boolean;
  /** Places without frames. */
  readonly empty: number;
}

/** Part of the golden ratio: places that no rhythm in the file falls in with. */
const SCATTER = 0.618_033_988_75;
/** How far a frame of a constant bit rate is from its place: the slot of padding, at either end. */
const SLACK = 2;

/**
 * Looks into `count` windows of a few frames each, one somewhere in each `count`-th of the extent and the last at its
 * end.
 *
 * @throws what the source throws; the signal's reason
 */
export async function sampleFrames(
  source: FrameSource,
  extent: FrameExtent,
  count: number,
  signal?: AbortSignal,
): Promise<FrameSamples> {
  const { first, start, end } = extent;
  const length = Math.min(windowLength(first), end - start);
  const seen: Seen = { frames: 0, bytes: 0, bitRates: new Set(), isInStep: true };
  let empty = 0;
  for (let index = 0; index < count; index += 1) {
    signal?.throwIfAborted();
    const place = index === count - 1 ? 1 : (index + ((index * SCATTER) % 1)) / count;
    const from = start + Math.floor((end - start - length) * place);
    const bytes = await source.read(from, length);
    if (!look(bytes, from, extent, seen)) empty += 1;
    if (length === end - start) break;
  }
  const varies = seen.bitRates.size > 1;
  return {
    frames: seen.frames,
    meanLength: seen.bytes / seen.frames,
    varies,
    isConstant: seen.frames > 0 && !varies && empty === 0 && seen.isInStep,
    empty,
  };
}

interface Seen {
  frames: number;
  bytes: number;
  readonly bitRates: Set<number>;
  isInStep: boolean;
}

/** Whether there are frames in the window. */
function look(bytes: Uint8Array, from: number, { first, start, end }: FrameExtent, seen: Seen): boolean {
  const isLast = from + bytes.length >= end;
  const parse = (window: Uint8Array, at: number) => {
    const header = parseFrameHeader(window, at);
    return header?.constant === first.constant ? header : undefined;
  };
  let at = bytes.indexOf(0xff);
  while (at >= 0 && !holdsFrames(bytes, at, isLast, parse)) at = bytes.indexOf(0xff, at + 1);
  if (at < 0) return false;
  for (let frame = parse(bytes, at), behind = 0; frame; frame = parse(bytes, at), behind += 1) {
    seen.frames += 1;
    seen.bytes += frame.length;
    seen.bitRates.add(frame.bitRate);
    if (behind < AGREEING && !isInStep(from + at - start, frame)) seen.isInStep = false;
    at += frame.length;
  }
  return true;
}

function isInStep(distance: number, { samples, bitRate, sampleRate }: FrameHeader): boolean {
  const average = (samples * bitRate) / (8 * sampleRate);
  return Math.abs(distance - Math.round(distance / average) * average) <= SLACK;
}
