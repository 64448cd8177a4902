import { plainText, positionOf } from './cue-text.js';
import type { Cue, CueReader } from './cue.js';
import { parseTime } from './timing.js';

/** The order of fields in SubStation Alpha 4, where a file does not say it. */
const USUAL = ['', 'start', 'end', '', '', '', '', '', '', 'text'];
/** A drawing, and what is set in braces. */
const DRAWING = /\{[^{}]{0,500}\\p[1-9]/;
/** Characters of a line that are looked at: no caption is longer. */
const LONGEST = 16_384;
const OVERRIDES = /\{[^{}]{0,2000}\}/g;

/**
 * SubStation Alpha and Advanced SubStation Alpha: the `Dialogue` lines of `[Events]`, as plain text. Styles, places and
 * movements are left out, except whether a line is at the top; drawings are left out whole.
 */
export function subStationReader(): CueReader {
  return new SubStation();
}

class SubStation implements CueReader {
  readonly #cues: Cue[] = [];
  #fields: readonly string[] = USUAL;
  #isInEvents = false;

  get count(): number {
    return this.#cues.length;
  }

  read(line: string): void {
    if (line.startsWith('[')) this.#isInEvents = /^\[events\]\s*$/i.test(line);
    else if (!this.#isInEvents) return;
    else if (/^format\s*:/i.test(line)) this.#setFields(line);
    else if (/^dialogue\s*:/i.test(line)) this.#addCue(line.slice(line.indexOf(':') + 1, LONGEST));
  }

  end(): readonly Cue[] {
    return this.#cues;
  }

  /** The text is the last field: it may have commas in it. */
  #setFields(line: string): void {
    const fields = line
      .slice(line.indexOf(':') + 1)
      .split(',', 100)
      .map((field) => field.trim().toLowerCase());
    if (fields.includes('start') && fields.includes('end') && fields.at(-1) === 'text') this.#fields = fields;
  }

  #addCue(dialogue: string): void {
    const values = new Map<string, string>();
    let begin = 0;
    for (const field of this.#fields) {
      const comma = field === 'text' ? dialogue.length : dialogue.indexOf(',', begin);
      if (comma < 0) return;
      values.set(field, dialogue.slice(begin, comma));
      begin = comma + 1;
    }
    const [start, end] = [parseTime(values.get('start')!), parseTime(values.get('end')!)];
    const text = values.get('text')!;
    if (start === undefined || end === undefined || start < 0 || end <= start || DRAWING.test(text)) return;
    const shown = plainText(text.replace(OVERRIDES, '').replace(/\\n/gi, '\n').replaceAll('\\h', '\u00a0'));
    if (shown !== '') this.#cues.push({ start, end, settings: positionOf(text), text: shown });
  }
}
