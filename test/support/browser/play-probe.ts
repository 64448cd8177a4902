import type { Browser } from './engines.js';
import { PLAY_SCRIPT } from './play-script.js';

export interface PlayRequest {
  /** Any HTML page of the origin that the element is to live in. */
  readonly page: string;
  /** Absolute, or relative to the page. */
  readonly src: string;
  readonly tag: 'video' | 'audio';
  /** Where to seek, as a part of the duration; 0 for no seek. */
  readonly seek?: number;
  /** For the whole probe, loading the page apart. */
  readonly timeoutMs?: number;
}

/** JSON has neither Infinity nor NaN: these two travel as text. */
export type Seconds = number | 'Infinity' | 'NaN';

export interface PlayEvent {
  readonly atMs: number;
  readonly name: string;
  readonly time: number;
  readonly duration: Seconds;
}

export interface PlayReport {
  /** The clock passed 0.3 s, or reached the end. */
  readonly played: boolean;
  /** 0 for sound without a picture, which an engine may call playing. */
  readonly videoWidth: number;
  readonly videoHeight: number;
  /** The first value, which some engines correct later; null when the metadata never came. */
  readonly durationAtMetadata: Seconds | null;
  /** The value at the end of the probe. */
  readonly duration: Seconds;
  readonly seekableEnd: Seconds | null;
  /** null when it did not play, has no finite duration or no seek was asked for. */
  readonly seekTarget: number | null;
  /** Where the clock stood after the seek, to be compared with the target; null when the seek never ended. */
  readonly seekedTo: number | null;
  readonly playedAfterSeek: boolean;
  readonly error: { readonly code: number; readonly message: string } | null;
  /** Name of the exception that play() was rejected with. */
  readonly playRejected: string | null;
  /** When the element got its source. This and the times below are in milliseconds since the epoch. */
  readonly startedAt: number;
  /** When the first picture was shown, or sound began; null when that never happened. */
  readonly firstShownAt: number | null;
  readonly seekingAt: number | null;
  readonly seekedAt: number | null;
  /** For the message of a failing test; the fields above are what to assert. */
  readonly events: readonly PlayEvent[];
}

/** Plays and seeks in a fresh document. What goes wrong with the media is reported, never thrown. */
export async function probe(browser: Browser, request: PlayRequest): Promise<PlayReport> {
  const { page, src, tag, seek = 0.8, timeoutMs = 20_000 } = request;
  await browser.goto('about:blank');
  await browser.goto(page);
  return browser.run<PlayReport>(PLAY_SCRIPT, { src, tag, seek, timeoutMs });
}
