/** Thrown when too many wait already. */
export class TurnstileFullError extends Error {
  constructor() {
    super('too many are waiting');
    this.name = 'TurnstileFullError';
  }
}

/** Lets a few tasks run at a time and a limited number wait, in the order of their arrival. */
export class Turnstile {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly mayWait: number,
  ) {}

  /** @throws TurnstileFullError */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.atOnce) {
      if (this.#waiting.length >= this.mayWait) throw new TurnstileFullError();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running++;
    }
    try {
      return await task();
    } finally {
      // Whoever waits takes over the place.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
