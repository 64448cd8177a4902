/** Marks that are kept: ten for each entry of a table of 100 when they have just become too many, twenty before. */
const MOST_MARKS = 2048;

/** Where frames begin, in constant memory: every frame at first, every second when they are too many, every fourth. */
export class FramePositions {
  readonly #offsets = new Float64Array(MOST_MARKS);
  #count = 0;
  #step = 1;

  /** The number of the next frame that is to be marked. */
  get next(): number {
    return this.#count * this.#step;
  }

  /** Marks the frame {@link next}. */
  mark(offset: number): void {
    if (this.#count === MOST_MARKS) {
      for (let index = 0; index < MOST_MARKS / 2; index += 1)
        this.#offsets[index] = this.#offsets[index * 2]!;
      this.#count = MOST_MARKS / 2;
      this.#step *= 2;
    }
    this.#offsets[this.#count++] = offset;
  }

  /** Where the last marked frame not behind `frame` begins; undefined when there is no frame at all. */
  offsetOf(frame: number): number | undefined {
    return this.#count === 0
      ? undefined
      : this.#offsets[Math.min(this.#count - 1, Math.floor(frame / this.#step))];
  }
}
