/**
 * Keeps what was used last, up to a total weight; what was used longest ago goes first. The weight is whatever the
 * caller counts in: entries, bytes.
 */
export class BoundedCache<Value> {
  /** In the order of last use, the oldest first. */
  readonly #kept = new Map<string, { readonly value: Value; readonly weight: number }>();
  readonly #pending = new Map<string, Promise<Value>>();
  #weight = 0;

  /** @param limit the largest total weight; something heavier than this alone is never kept. */
  constructor(private readonly limit: number) {}

  /** The total weight of what is kept. */
  get weight(): number {
    return this.#weight;
  }

  get(key: string): Value | undefined {
    const found = this.#kept.get(key);
    if (!found) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found.value;
  }

  set(key: string, value: Value, weight: number): void {
    this.delete(key);
    if (weight > this.limit) return;
    this.#kept.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#kept.keys()) {
      if (this.#weight <= this.limit) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#weight -= this.#kept.get(key)?.weight ?? 0;
    this.#kept.delete(key);
  }

  /**
   * What is kept, or what `compute` makes, which is then kept. Callers that come while it is being made wait for the
   * same one. A failure is shared by those who wait and not kept.
   */
  share(key: string, compute: () => Promise<Value>, weigh: (value: Value) => number): Promise<Value> {
    const kept = this.get(key);
    if (kept !== undefined) return Promise.resolve(kept);
    const pending = this.#pending.get(key) ?? this.#make(key, compute, weigh);
    this.#pending.set(key, pending);
    return pending;
  }

  async #make(key: string, compute: () => Promise<Value>, weigh: (value: Value) => number): Promise<Value> {
    try {
      const value = await compute();
      this.set(key, value, weigh(value));
      return value;
    } finally {
      this.#pending.delete(key);
    }
  }
}
