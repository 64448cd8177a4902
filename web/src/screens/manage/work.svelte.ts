/** Something under way. */
export class Work {
  readonly label: string;
  readonly total: number;
  done = $state(0);
  readonly #off = new AbortController();

  constructor(label: string, total: number) {
    this.label = label;
    this.total = total;
  }

  get signal(): AbortSignal {
    return this.#off.signal;
  }

  callOff(): void {
    this.#off.abort();
  }
}
