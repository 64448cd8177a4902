export type Side = 'left' | 'middle' | 'right';

/** Milliseconds between the taps of a double tap. */
const TOGETHER = 350;
/** Seconds that a double tap seeks, and each tap after it. */
const STEP = 10;

/** Which third of the picture was touched. @param part from 0 at its left to 1 at its right edge */
export function sideOf(part: number): Side {
  if (part < 1 / 3) return 'left';
  return part > 2 / 3 ? 'right' : 'middle';
}

/** Counts taps on the sides of a picture. */
export class TapCounter {
  #side: Side | undefined;
  #at = -Infinity;

  /** @param at milliseconds. @returns seconds to seek by; 0 for a first tap */
  tap(side: Side, at: number): number {
    const again = side === this.#side && at - this.#at < TOGETHER && side !== 'middle';
    this.#side = side;
    this.#at = at;
    if (!again) return 0;
    return side === 'left' ? -STEP : STEP;
  }
}
