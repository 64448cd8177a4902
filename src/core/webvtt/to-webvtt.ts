import { setImmediate } from 'node:timers/promises';
import type { Cue, CueReader } from './cue.js';
import { decodeText } from './decode-text.js';
import { subStationReader } from './read-sub-station.js';
import { subRipReader, webVttReader } from './read-timed-lines.js';
import type { SubtitleFormat } from './subtitle-format.js';
import { printTime } from './timing.js';

/** Characters that are looked at before others have their turn: some milliseconds of work. */
const AT_ONCE = 262_144;

/** Cues that are told: a film has some thousands. */
const MOST_CUES = 100_000;
/** Cues that are printed before others have their turn. */
const PRINTED_AT_ONCE = 5000;

const READERS: Readonly<Record<SubtitleFormat, () => CueReader>> = {
  srt: subRipReader,
  vtt: webVttReader,
  ass: subStationReader,
};

export interface Conversion {
  readonly format: SubtitleFormat;
  /** BCP 47, where it is known: an encoding that is not told is guessed by it. */
  readonly language: string | null;
  /** Milliseconds that every cue is shown later; earlier where it is negative. */
  readonly offset: number;
  readonly signal: AbortSignal;
}

/**
 * A subtitle file as WebVTT (W3C WebVTT §4.1), valid whatever is in it, its cues in the order of their beginnings, which
 * the format demands; the first 100000 of the file. Takes time and memory in proportion to the bytes.
 * @param bytes the whole file: whoever reads it limits it
 * @throws the reason of the signal
 */
export async function toWebVtt(bytes: Uint8Array, conversion: Conversion): Promise<string> {
  const { language, offset, signal } = conversion;
  const text = decodeText(bytes, language);
  // Some are named for what they were before somebody converted them.
  const format = /^\s*WEBVTT/.test(text) ? 'vtt' : conversion.format;
  const reader = READERS[format]();
  let pause = AT_ONCE;
  for (let begin = 0; begin < text.length && reader.count < MOST_CUES;) {
    const end = lineEnd(text, begin);
    reader.read(text.slice(begin, end));
    begin = text.startsWith('\r\n', end) ? end + 2 : end + 1;
    if (begin < pause) continue;
    pause = begin + AT_ONCE;
    await setImmediate();
    signal.throwIfAborted();
  }
  return print(reader.end().slice(0, MOST_CUES), offset, signal);
}

/** Where a line ends that begins here: at CR, LF or both (§4.1). */
function lineEnd(text: string, begin: number): number {
  for (let index = begin; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 0x0a || unit === 0x0d) return index;
  }
  return text.length;
}

async function print(cues: Cue[], offset: number, signal: AbortSignal): Promise<string> {
  const blocks = ['WEBVTT\n'];
  cues.sort((a, b) => a.start - b.start);
  for (const [index, { start, end, settings, text }] of cues.entries()) {
    if (index % PRINTED_AT_ONCE === PRINTED_AT_ONCE - 1) {
      await setImmediate();
      signal.throwIfAborted();
    }
    // What would be over before the film begins.
    if (end + offset <= 0) continue;
    const times = `${printTime(Math.max(0, start + offset))} --> ${printTime(end + offset)}`;
    blocks.push(`${times}${settings && ` ${settings}`}\n${text}\n`);
  }
  return blocks.join('\n');
}
