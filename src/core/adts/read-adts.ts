import { type BoundedReader, type Problem, problem, type TrackFacts } from '../isobmff/index.js';
import { type AdtsHeader, parseAdtsHeader } from './adts-header.js';

/** What the first frames of an ADTS file say. */
export interface AdtsReport {
  readonly track: TrackFacts | null;
  /** Seconds: counted when the file is short, otherwise estimated by the frames at its start. */
  readonly duration: number | null;
  readonly problems: readonly Problem[];
}

/** Bytes whose frames are counted. */
const COUNTED = 262_144;
/** How far behind `start` the first frame may be. */
const FARTHEST_FRAME = 2048;

/**
 * Reads the frames at the start of an ADTS file. Nothing in it states a duration.
 *
 * @param start behind an ID3 tag
 * @throws what the reader throws
 */
export async function readAdts(reader: BoundedReader, start: number): Promise<AdtsReport> {
  const bytes = await reader.read(start, COUNTED);
  const first = firstFrame(bytes);
  if (first === undefined) return { track: null, duration: null, problems: [] };
  const { header, at } = first;
  let [end, samples] = [at, 0];
  for (let frame: AdtsHeader | undefined = header; frame; frame = parseAdtsHeader(bytes, end)) {
    if (end + frame.length > bytes.length) break;
    end += frame.length;
    samples += frame.samples;
  }
  const whole = start + bytes.length >= reader.size;
  const counted = samples / header.sampleRate;
  const duration = whole ? counted : (counted * (reader.size - start - at)) / Math.max(1, end - at);
  const estimated = problem(
    'duration-estimated',
    'Nothing in an ADTS file states its duration: players estimate it, and land beside where they seek to.',
    'Put the same sound into MP4: ffmpeg -i in.aac -c copy -movflags +faststart out.m4a',
  );
  return {
    track: {
      kind: 'audio',
      codec: `mp4a.40.${header.audioObjectType}`,
      codecName: 'aac',
      channels: header.channels,
      sampleRate: header.sampleRate,
    },
    duration: samples > 0 ? duration : null,
    problems: [estimated],
  };
}

/** The first frame that another follows, or the end. */
function firstFrame(bytes: Uint8Array): { header: AdtsHeader; at: number } | undefined {
  for (let at = 0; at < Math.min(bytes.length, FARTHEST_FRAME); at += 1) {
    const header = parseAdtsHeader(bytes, at);
    if (!header) continue;
    const next = at + header.length;
    if (next + 7 > bytes.length || parseAdtsHeader(bytes, next)) return { header, at };
  }
  return undefined;
}
