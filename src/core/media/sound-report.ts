import type { Problem, TrackReport } from '../isobmff/index.js';
import type { MediaReport } from './media-report.js';

/** What differs from file to file in containers that hold one track of sound. */
export type SoundReport = Pick<MediaReport, 'duration' | 'bitRate' | 'tracks' | 'problems'>;

/** The one track of such a container; null is: not said. */
export interface Sound {
  /** As FFmpeg says it. */
  readonly codecName: string | null;
  /** In seconds. */
  readonly duration: number | null;
  /** In bits per second. */
  readonly bitRate: number | null;
  readonly channels: number;
  /** In Hz. */
  readonly sampleRate: number;
}

/** @param size of the file, in bytes */
export function reportSound(sound: Sound, size: number, problems: readonly Problem[]): SoundReport {
  const { duration, sampleRate } = sound;
  const track: TrackReport = {
    id: 1,
    kind: 'audio',
    handler: 'soun',
    enabled: true,
    sampleEntry: null,
    // Their media types have no codecs parameter (RFC 3003), or none that is registered.
    codec: null,
    encrypted: false,
    encryptionScheme: null,
    language: null,
    startTime: 0,
    timescale: sampleRate,
    sampleCount: null,
    width: null,
    height: null,
    displayWidth: null,
    displayHeight: null,
    rotation: null,
    mirrored: false,
    pixelAspectRatio: null,
    frameRate: null,
    ...sound,
  };
  return {
    duration,
    bitRate: duration ? Math.round((size * 8) / duration) : null,
    tracks: [track],
    problems,
  };
}

/** Of a file with nothing to describe. */
export function reportNoSound(problems: readonly Problem[] = []): SoundReport {
  return { duration: null, bitRate: null, tracks: [], problems };
}
