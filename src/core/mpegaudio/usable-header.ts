import type { FrameExtent } from './frame-extent.js';
import type { FrameSamples } from './frame-samples.js';
import type { SeekHeader } from './seek-header.js';

/** What a number may be off by, as a part of what is true. FFmpeg puts up with a sixteenth, for bytes. */
const TOLERANCE = 0.01;
/** What the duration may be off by, in seconds, however long it is. */
const SECONDS = 1;
/** What is never wrong: writers count the header's own frame, or the one that is cut off, or not. */
const FRAMES = 2;
/** What is never wrong: writers count the header's own frame or not. */
const BYTES = 512;

/**
 * Whether players that believe a seek header show the right duration and seek right: its frames differ from `counted`
 * by no more than 2, or 1 % and 1 s; its bytes from those there are, with or without the tags behind the frames, by
 * no more than 512, or 1 %; its table, which must be there where the bit rate varies, never goes back. Chromium looks
 * for it directly behind the tags and nowhere else (FFmpeg's `mp3dec.c`).
 *
 * @param extent of all frames, the header's included
 */
export function isSeekHeaderUsable(
  { frames, bytes, toc, hasTable }: SeekHeader,
  { first, tags, start, end, size }: FrameExtent,
  counted: Pick<SeekHeader, 'frames'>,
  needsTable: boolean,
): boolean {
  if (start > tags || !frames || bytes === undefined || counted.frames === undefined) return false;
  const extra = Math.abs(frames - counted.frames);
  const most = Math.min(counted.frames * TOLERANCE, (SECONDS * first.sampleRate) / first.samples);
  if (extra > Math.max(FRAMES, most)) return false;
  const slack = Math.max(BYTES, (end - start) * TOLERANCE);
  if (bytes < end - start - slack || bytes > size - start + slack) return false;
  if (toc?.some((entry, index) => index > 0 && entry < toc[index - 1]!)) return false;
  return hasTable || !needsTable;
}

/** How far the average length of frames by a header may be from that of the frames seen: those are few. */
const AVERAGE_SLACK = 1.6;

/** Whether that many frames can be in an extent of which some were seen. */
export function areFramesPlausible(
  frames: number,
  { start, end }: FrameExtent,
  { empty, meanLength }: FrameSamples,
): boolean {
  const ratio = (end - start) / frames / meanLength;
  return empty === 0 && ratio < AVERAGE_SLACK && ratio > 1 / AVERAGE_SLACK;
}
