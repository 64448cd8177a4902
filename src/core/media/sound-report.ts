import { plainTrack, type Problem } from '../isobmff/index.js';
import type { Contents } from './describe-contents.js';

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

/** Their media types have no codecs parameter (RFC 3003), or none that is registered. */
export function reportSound(sound: Sound, problems: readonly Problem[]): Contents {
  const track = plainTrack(1, { kind: 'audio', codec: null, ...sound });
  return { duration: sound.duration, tracks: [track], problems };
}

/** Of a file with nothing to describe. */
export function reportNoSound(problems: readonly Problem[] = []): Contents {
  return { duration: null, tracks: [], problems };
}
