import type { ProblemCode } from '../media/index.js';
import type { BrowserName } from './browser-support.js';

/**
 * `plays`: from `/files` as it is. `plays-via-stream`: only from `/stream`, or better from there. `uncertain`: it
 * depends on the device, or nobody has verified it. `fails`: picture or sound would be missing, or both.
 */
export type Verdict = 'plays' | 'plays-via-stream' | 'uncertain' | 'fails';

/** What a reason does to playing: `drawback` does not prevent it, `repaired` is gone from `/stream`. */
export type Effect = 'fails' | 'uncertain' | 'drawback' | 'repaired';

/** What the verdict knows beyond the problems of the file. */
export type ReasonCode =
  | ProblemCode
  | 'codec-unsupported'
  | 'codec-uncertain'
  | 'container-unsupported'
  | 'container-uncertain'
  | 'other-track-unsupported'
  | 'repaired';

/** Why a browser's verdict is what it is. */
export interface Reason {
  readonly code: ReasonCode;
  readonly effect: Effect;
  /** One plain sentence or two that name the track, codec or box. */
  readonly message: string;
  /** What to do about it, where something can be done. */
  readonly advice?: string;
  /** The track it is about, null when it is about the file. */
  readonly track: number | null;
}

/** One browser's verdict on one file. */
export interface BrowserPlayability {
  readonly browser: BrowserName;
  /** The current one, as of the data. */
  readonly version: string;
  readonly verdict: Verdict;
  /** Empty where it plays without ado; the weightiest first. */
  readonly reasons: readonly Reason[];
}

/**
 * What `MediaCapabilities.decodingInfo` asks about a track, in its own words; null is what the file does not say.
 */
export type TrackConfiguration =
  | {
      readonly track: number;
      readonly video: {
        readonly contentType: string;
        readonly width: number | null;
        readonly height: number | null;
        readonly bitrate: number | null;
        readonly framerate: number | null;
      };
    }
  | {
      readonly track: number;
      readonly audio: {
        readonly contentType: string;
        /** A string, as the interface has it. */
        readonly channels: string | null;
        readonly bitrate: number | null;
        readonly samplerate: number | null;
      };
    };

/** Whether and where a file plays. Plain JSON. */
export interface Playability {
  /** The package the browsers' abilities are taken from, with its version. */
  readonly data: string;
  /** For `canPlayType`: the media type, with the codecs where all of them are known. */
  readonly contentType: string;
  readonly configurations: readonly TrackConfiguration[];
  readonly browsers: readonly BrowserPlayability[];
}
