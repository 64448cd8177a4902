import { cueText, positionOf } from './cue-text.js';
import type { Cue, CueReader } from './cue.js';
import { parseTiming, type Timing } from './timing.js';

/** Characters of a cue that are looked at: no caption is longer. */
const LONGEST_TEXT = 16_384;

/** How the two forms differ that have a line of times before the lines of a cue. */
interface Form {
  /** Whether an empty line ends a cue, as in WebVTT. SubRip files have them within cues. */
  readonly endsAtEmptyLine: boolean;
  /** Cue settings by what stands behind the times. */
  readonly settingsOf: (rest: string) => string;
}

/**
 * SubRip, which nobody has specified: a counter, a line of times, lines of text, an empty line. Files lack counters and
 * empty lines, and have empty lines within the text, so that a cue is what stands between two lines of times.
 */
export function subRipReader(): CueReader {
  return new TimedLines({ endsAtEmptyLine: false, settingsOf: () => '' });
}

/**
 * WebVTT (W3C WebVTT §4.1), taken as leniently as SubRip. Style sheets, regions, notes and identifiers are left out:
 * the text is kept, and nothing in the file decides on how the page looks.
 */
export function webVttReader(): CueReader {
  return new TimedLines({ endsAtEmptyLine: true, settingsOf: keptSettings });
}

class TimedLines implements CueReader {
  readonly #cues: Cue[] = [];
  #timing: Timing | undefined;
  #lines: string[] = [];
  #length = 0;

  constructor(private readonly form: Form) {}

  get count(): number {
    return this.#cues.length;
  }

  read(line: string): void {
    const timing = parseTiming(line);
    if (timing) {
      if (!this.form.endsAtEmptyLine && isCounter(this.#lines.at(-1))) this.#lines.pop();
      this.#finish();
      this.#timing = timing;
    } else if (this.#timing) {
      if (line !== '' || !this.form.endsAtEmptyLine) this.#add(line);
      else this.#finish();
    }
  }

  end(): readonly Cue[] {
    this.#finish();
    return this.#cues;
  }

  #add(line: string): void {
    if (this.#length > LONGEST_TEXT) return;
    this.#lines.push(line.slice(0, LONGEST_TEXT));
    this.#length += line.length + 1;
  }

  #finish(): void {
    const lines = this.#lines.join('\n');
    this.#lines = [];
    this.#length = 0;
    if (this.#timing?.isUsable) {
      const { start, end, rest } = this.#timing;
      const text = cueText(lines);
      const settings = this.form.settingsOf(rest) || positionOf(lines);
      if (text !== '') this.#cues.push({ start, end, settings, text });
    }
    this.#timing = undefined;
  }
}

function isCounter(line: string | undefined): boolean {
  return line !== undefined && line.length < 20 && /^\s*\d+\s*$/.test(line);
}

/** Settings of §4.4 by name; `region` is none of them, since regions are left out. */
const SETTINGS: Readonly<Record<string, RegExp>> = {
  vertical: /^(?:rl|lr)$/,
  line: /^(?:-?\d{1,4}|(?:\d|[1-9]\d|100)(?:\.\d{1,6})?%)(?:,(?:start|center|end))?$/,
  position: /^(?:\d|[1-9]\d|100)(?:\.\d{1,6})?%(?:,(?:line-left|center|line-right))?$/,
  size: /^(?:\d|[1-9]\d|100)(?:\.\d{1,6})?%$/,
  align: /^(?:start|center|end|left|right)$/,
};

function keptSettings(rest: string): string {
  const kept = new Map<string, string>();
  for (const setting of rest.split(/[ \t]+/)) {
    const colon = setting.indexOf(':');
    const name = setting.slice(0, Math.max(0, colon));
    // What the drafts called it until 2015.
    const value = setting.slice(colon + 1) === 'middle' ? 'center' : setting.slice(colon + 1);
    if (Object.hasOwn(SETTINGS, name) && SETTINGS[name]!.test(value)) kept.set(name, `${name}:${value}`);
  }
  return [...kept.values()].join(' ');
}
