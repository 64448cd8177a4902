import { SegmentMap, type ByteSource } from '../bytes/index.js';
import { BoundedReader } from '../isobmff/index.js';
import {
  areFramesPlausible,
  decodeSeekHeader,
  isSeekHeaderUsable,
  locateFrames,
  makeXingFrame,
  sampleFrames,
  scanFrames,
  type FrameExtent,
  type FrameScan,
  type SeekHeader,
} from '../mpegaudio/index.js';
import { impossible, NOT_NEEDED, type Repair, type RepairPlan } from './repair.js';

/** Bytes of frames that one plan walks over: ten hours at 112 kbit/s, some seconds of a disk. */
const SCAN_BUDGET = 512 * 2 ** 20;
/** Up to here a walk costs no more than looking into some places. */
const SMALL = 2 * 2 ** 20;
/** Places looked into before a longer file without a header is believed to have one bit rate. */
const PLACES = 48;
/** Places looked into to see whether the frames a header says can be, where the bytes it says are right. */
const FEWER_PLACES = 8;
/** The part of a file that may be neither frames nor tags. */
const MOST_GARBAGE = 0.05;
/** The part of the frames that may have another number of channels: headers that went bad, not another sound. */
const MOST_OTHER_CHANNELS = 0.01;

/**
 * An MP3 file of variable bit rate without a seek header: what its players show as duration is a guess from its first
 * frames, and a seek lands elsewhere. One Xing frame in front of the first frame says frames, bytes and a table of
 * positions; a header that is wrong, as of a file cut off or put together of several, is replaced. It stands directly
 * behind the tags: padding there is left out.
 *
 * Files of constant bit rate need none, all players calculate right. A file above {@link SMALL} is told to be one without
 * walking over it where frames at {@link PLACES} places, scattered over its length and at its end, all have the same
 * bit rate and stand where that bit rate puts them; one that differs, or is out of step, costs the walk. An encoder that
 * varies changes from frame to frame and is seen at the first place that is not silent. Unseen is only a piece of
 * another bit rate, put between pieces of the first, that lies between two places (its bytes are less than 2 of
 * {@link PLACES} parts) and is as long as a whole number of their frames: the duration shown is then wrong by what the
 * piece plays more or less than as many bytes of the others.
 *
 * A header is believed where the bytes it says are there and its frames fit the average of those seen at a few places:
 * who writes the one wrong has not written the other right.
 */
export const xingHeader: Repair = { name: 'xing-header', version: 1, plan };

async function plan(source: ByteSource, signal?: AbortSignal): Promise<RepairPlan> {
  const reader = new BoundedReader(source);
  const extent = await locateFrames(reader);
  if (extent === 'free-format')
    return impossible('free-format', 'Its frames are of free format and do not say how long they are.');
  if (extent?.first.layer !== 3) return NOT_NEEDED;
  const frame = await reader.read(extent.start, extent.first.length);
  const header = decodeSeekHeader(frame, extent.first);
  const sound = header ? { ...extent, start: extent.start + extent.first.length } : extent;
  if (await isFineAtSight(reader, extent, sound, header, signal)) return NOT_NEEDED;

  if (sound.end - sound.start > SCAN_BUDGET)
    return impossible('over-budget', 'Counting the frames of a file this long costs more than one may.');
  const scan = await scanFrames(source, sound, signal);
  if (header && isSeekHeaderUsable(header, extent, scan, scan.varies)) return NOT_NEEDED;
  const obstacle = obstacleIn(scan, sound);
  if (obstacle) return obstacle;
  return header?.frames === undefined && !scan.varies
    ? NOT_NEEDED
    : repair(source, frame, sound, scan, header);
}

async function isFineAtSight(
  reader: BoundedReader,
  extent: FrameExtent,
  sound: FrameExtent,
  header: SeekHeader | undefined,
  signal?: AbortSignal,
): Promise<boolean> {
  const length = sound.end - sound.start;
  if (length <= SMALL) return false;
  if (header?.frames === undefined) return (await sampleFrames(reader, sound, PLACES, signal)).isConstant;
  if (!isSeekHeaderUsable(header, extent, header, false)) return false;
  const samples = await sampleFrames(reader, sound, FEWER_PLACES, signal);
  return areFramesPlausible(header.frames, sound, samples) && (header.hasTable || samples.isConstant);
}

function obstacleIn(scan: FrameScan, { start, end }: FrameExtent): RepairPlan | undefined {
  if (scan.mixed || scan.otherChannels > scan.frames * MOST_OTHER_CHANNELS)
    return impossible('mixed-format', 'Its frames change their version, sample rate or number of channels.');
  if (scan.frames === 0 || scan.garbage > (end - start) * MOST_GARBAGE)
    return impossible('corrupt-frames', 'Too much of it is damaged to say how long it is.');
  return undefined;
}

/** @param frame the first one: the seek header's, or one of sound */
function repair(
  source: ByteSource,
  frame: Uint8Array,
  sound: FrameExtent,
  scan: FrameScan,
  header: SeekHeader | undefined,
): RepairPlan {
  const xing = makeXingFrame(header ? frame : atLowestBitRate(frame), {
    kind: header?.kind === 'Info' ? 'Info' : 'Xing',
    frames: scan.frames,
    bytesBehind: sound.end - sound.start,
    positionAt: (percent) =>
      scan.positions.offsetOf(Math.round((scan.frames * percent) / 100))! - sound.start,
    quality: header?.quality,
    lame: header?.lame,
    // The padding of a last frame that is not the last any more.
    isPaddingTrue: header?.frames === scan.frames,
  });
  const map = new SegmentMap(source, [
    // What may stand between the tags and the first frame is no part of either, and would hide the header.
    { offset: 0, length: sound.tags },
    xing,
    { offset: sound.start, length: source.size - sound.start },
  ]);
  const what = `${scan.frames} frames, with a table of positions`;
  const change = header
    ? `The ${header.kind} header, which was wrong or out of place, says ${what}.`
    : `A Xing header in front of the first frame says ${what}.`;
  return { kind: 'repaired', map, changes: [change] };
}

/** The header of the same frame without padding at the lowest bit rate there is. */
function atLowestBitRate(frame: Uint8Array): Uint8Array {
  return Uint8Array.of(frame[0]!, frame[1]!, (frame[2]! & 0x0d) | 0x10, frame[3]!);
}
