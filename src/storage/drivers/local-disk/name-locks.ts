/** Lets those who change the same name do it one after the other. For this process only. */
export class NameLocks {
  /** By name, what the next one has to wait for. */
  readonly #last = new Map<string, Promise<void>>();

  /** Runs the action when nobody else is busy with any of these names. All are asked for at once: no two can wait for each other. */
  async run<T>(names: readonly string[], action: () => Promise<T>): Promise<T> {
    const before = names.map((name) => this.#last.get(name) ?? Promise.resolve());
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const name of names) this.#last.set(name, promise);
    await Promise.all(before);
    try {
      return await action();
    } finally {
      resolve();
      for (const name of names) if (this.#last.get(name) === promise) this.#last.delete(name);
    }
  }
}
