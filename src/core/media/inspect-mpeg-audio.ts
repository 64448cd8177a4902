import { type BoundedReader, problem, type Problem } from '../isobmff/index.js';
import {
  areFramesPlausible,
  decodeSeekHeader,
  type FrameExtent,
  type FrameSamples,
  isSeekHeaderUsable,
  locateFrames,
  sampleFrames,
  type SeekHeader,
} from '../mpegaudio/index.js';
import type { Contents } from './describe-contents.js';
import { reportNoSound, reportSound } from './sound-report.js';

/** Places that are looked into. */
const PLACES = 6;

/**
 * Inspects MPEG audio by its first frame, its seek header and a look at some of its frames. Without a usable header the
 * duration is null where the bit rate varies.
 *
 * @throws what the reader throws
 */
export async function inspectMpegAudio(reader: BoundedReader): Promise<Contents> {
  const extent = await locateFrames(reader);
  if (extent === 'free-format') return reportNoSound();
  if (!extent) return reportNoSound([problem('corrupt-frames', 'No frame of sound is behind its tag.')]);
  const { first } = extent;
  const frame = await reader.read(extent.start, first.length);
  const header = first.layer === 3 ? decodeSeekHeader(frame, first) : undefined;
  const sound = header ? { ...extent, start: extent.start + first.length } : extent;
  const samples = await sampleFrames(reader, sound, PLACES);
  const usable =
    header?.frames !== undefined &&
    isSeekHeaderUsable(header, extent, header, samples.varies) &&
    areFramesPlausible(header.frames, sound, samples);

  const duration = usable ? durationByHeader(header, sound) : durationBySamples(samples, sound);
  const { channels, sampleRate } = first;
  const codecName = `mp${first.layer}`;
  const bitRate = duration ? Math.round(((sound.end - sound.start) * 8) / duration) : null;
  const problems = problemsOf(header, usable, samples, first.layer);
  return reportSound({ codecName, duration, bitRate, channels, sampleRate }, problems);
}

function durationByHeader({ frames, lame }: SeekHeader, { first }: FrameExtent): number {
  const silence = (lame?.delay ?? 0) + (lame?.padding ?? 0);
  return Math.max(0, frames! * first.samples - silence) / first.sampleRate;
}

function durationBySamples({ varies, frames, meanLength }: FrameSamples, sound: FrameExtent): number | null {
  if (varies || frames === 0) return null;
  const { samples, sampleRate, bitRate, length } = sound.first;
  // Frames of a constant bit rate differ by a slot, and few were seen; the bit rate says their average exactly.
  const nominal = (samples * bitRate) / (8 * sampleRate);
  const isNominal = Math.abs(meanLength - nominal) < 1 && Math.abs(length - nominal) < 5;
  const average = isNominal ? nominal : meanLength;
  return (((sound.end - sound.start) / average) * samples) / sampleRate;
}

function problemsOf(
  header: SeekHeader | undefined,
  usable: boolean,
  { varies, empty, frames }: FrameSamples,
  layer: number,
): Problem[] {
  const problems: Problem[] = [];
  if (empty > 0 || frames === 0)
    problems.push(problem('corrupt-frames', 'Parts of it hold no frames of sound: it is damaged.'));
  if (header?.frames !== undefined && !usable) {
    const what = 'The header that says how long it is and where to seek does not fit the file';
    problems.push(
      problem('wrong-seek-header', `${what}: it may have been cut off, or put together of several.`),
    );
  } else if (varies && !usable && layer === 3) {
    const what = 'Its bit rate varies and no header says how long it is';
    problems.push(problem('vbr-without-seek-header', `${what}: players guess, and seek to the wrong place.`));
  }
  return problems;
}
