/** Milliseconds. */
const HOUR = 3_600_000;

/** Does something at once and every hour, one time after the other, until it is stopped. */
export class Hourly {
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> = Promise.resolve();

  /** @param task sees to its own errors */
  constructor(private readonly task: () => Promise<void>) {
    this.#timer = setInterval(() => this.#begin(), HOUR).unref();
    this.#begin();
  }

  /** Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  #begin(): void {
    this.#running = this.#running.then(this.task);
  }
}
