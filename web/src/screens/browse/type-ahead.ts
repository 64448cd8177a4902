/** Milliseconds after which letters begin another word. */
const PAUSE = 800;

/** Finds entries by the letters that somebody types: those of one word together, one letter again and again in turn. */
export class TypeAhead {
  #typed = '';
  #at = -Infinity;

  /** Whether a word has been begun, so that a space belongs to it. */
  isTyping(now: number): boolean {
    return now - this.#at < PAUSE;
  }

  /**
   * @param at the name there; undefined where it has not been fetched
   * @returns where the next name that begins so is, beginning from `from` and going round
   */
  find(
    letter: string,
    now: number,
    from: number,
    count: number,
    at: (index: number) => string | undefined,
  ): number | undefined {
    this.#typed = (this.isTyping(now) ? this.#typed : '') + folded(letter);
    this.#at = now;
    const isRepeated = [...this.#typed].every((other) => other === this.#typed[0]);
    const wanted = isRepeated ? (this.#typed[0] ?? '') : this.#typed;
    // One letter leads on; a word that grows may still be where one is.
    const first = isRepeated ? from + 1 : from;
    for (let step = 0; step < count; step++) {
      const index = (first + step) % count;
      const name = at(index);
      if (name !== undefined && folded(name).startsWith(wanted)) return index;
    }
    return undefined;
  }
}

/** Without letter case and accents. */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
