import { readAdts } from '../adts/index.js';
import { readFlac } from '../flac/index.js';
import { type HlsPlaylist, readHls } from '../hls/index.js';
import { type BoundedReader, plainTrack, type Problem, type TrackReport } from '../isobmff/index.js';
import { inspectMatroska } from '../matroska/index.js';
import { skipLeadingTags } from '../mpegaudio/index.js';
import { readMpegTs } from '../mpegts/index.js';
import { readOgg } from '../ogg/index.js';
import type { Container } from './container.js';
import { inspectMpegAudio } from './inspect-mpeg-audio.js';
import { inspectWave } from './inspect-wave.js';

/** What is in a container that is not of the ISO family. */
export interface Contents {
  /** Seconds. */
  readonly duration: number | null;
  readonly tracks: readonly TrackReport[];
  readonly problems: readonly Problem[];
  readonly playlist?: HlsPlaylist | null;
}

const UNKNOWN: Contents = { duration: null, tracks: [], problems: [] };

/** @throws what the reader throws */
export async function describeContents(container: Container, reader: BoundedReader): Promise<Contents> {
  switch (container) {
    case 'matroska':
    case 'webm':
      return inspectMatroska(reader);
    case 'mp3':
      return inspectMpegAudio(reader);
    case 'wav':
      return inspectWave(reader);
    case 'ogg':
      return readOgg(reader);
    case 'flac':
      return describeFlac(reader);
    case 'aac':
      return describeAdts(reader);
    case 'mpeg-ts':
      return readMpegTs(reader);
    case 'hls':
      return { tracks: [], ...(await readHls(reader)) };
    default:
      return UNKNOWN;
  }
}

async function describeFlac(reader: BoundedReader): Promise<Contents> {
  const { info, duration, problems } = await readFlac(reader, await skipLeadingTags(reader));
  if (!info) return { duration, tracks: [], problems };
  const { channels, sampleRate } = info;
  const facts = { kind: 'audio', codec: 'flac', codecName: 'flac', channels, sampleRate } as const;
  return { duration, tracks: [plainTrack(1, { ...facts, duration })], problems };
}

async function describeAdts(reader: BoundedReader): Promise<Contents> {
  const { track, duration, problems } = await readAdts(reader, await skipLeadingTags(reader));
  return { duration, tracks: track ? [plainTrack(1, { ...track, duration })] : [], problems };
}
