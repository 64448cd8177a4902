/** A caption, as WebVTT has it (W3C WebVTT §3.1). */
export interface Cue {
  /** Milliseconds from the beginning of the film; negative for what an offset has moved before it. */
  readonly start: number;
  /** As `start`, and after it. */
  readonly end: number;
  /** WebVTT cue settings (§4.4), joined by spaces; empty for none. */
  readonly settings: string;
  /** WebVTT cue text (§4.2.2): escaped, and without empty lines. */
  readonly text: string;
}

/** Takes a file line by line; each is without its line terminator. */
export interface CueReader {
  /** Cues that are whole by now. */
  readonly count: number;
  read(line: string): void;
  /** All cues that were found, in the order of the file. To be called once, at its end. */
  end(): readonly Cue[];
}
