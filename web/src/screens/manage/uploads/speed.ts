/** Seconds that a speed is measured over: long enough to be calm, short enough to be true. */
const WINDOW = 12;
/** Seconds between two measurements that are kept. */
const STEP = 0.5;

/** How fast bytes go, smoothed over the last seconds. */
export class SpeedMeter {
  #samples: { readonly at: number; readonly bytes: number }[] = [];

  /**
   * @param bytes how many have gone so far. It may fall, when some of them turn out to be lost.
   * @param at seconds, of a clock that only goes forward
   */
  add(bytes: number, at: number): void {
    const last = this.#samples.at(-1);
    if (last && bytes < last.bytes) this.#samples = [];
    else if (last && at - last.at < STEP) return;
    this.#samples.push({ at, bytes });
    // One older than the window stays: from there the window is measured.
    while ((this.#samples[1]?.at ?? Infinity) <= at - WINDOW) this.#samples.shift();
  }

  /** Nothing goes for now, and the time until it does again does not count. */
  reset(): void {
    this.#samples = [];
  }

  /** Bytes per second; undefined until it can be told. */
  get speed(): number | undefined {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (!first || !last || last.at - first.at < 2 * STEP) return undefined;
    return (last.bytes - first.bytes) / (last.at - first.at);
  }
}

/**
 * Seconds left, rounded to what can honestly be said: whole seconds below ten, then steps of 5, then whole minutes.
 * @returns undefined when nothing moves
 */
export function timeLeft(bytes: number, speed: number | undefined): number | undefined {
  if (speed === undefined || speed <= 0) return undefined;
  const seconds = bytes / speed;
  const step = seconds < 10 ? 1 : seconds < 90 ? 5 : 60;
  return Math.max(1, Math.ceil(seconds / step) * step);
}
