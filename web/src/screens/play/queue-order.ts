export type Repeat = 'off' | 'all' | 'one';

/**
 * The order in which a queue is played: as it is, or shuffled by a seed, the same for the same seed, with `first` in
 * front. @returns indexes of the queue, each once
 */
export function orderOf(count: number, shuffled: boolean, seed: number, first = 0): readonly number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  if (!shuffled) return order;
  const random = numbersOf(seed);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return [first, ...order.filter((index) => index !== first)].slice(0, count);
}

/**
 * The index that follows in an order. @param asked whether a person asked: then repeating one goes on to the next all the
 * same. @returns undefined where the queue is over
 */
export function nextOf(
  order: readonly number[],
  current: number,
  step: 1 | -1,
  repeat: Repeat,
  asked: boolean,
): number | undefined {
  const at = order.indexOf(current);
  if (at < 0) return undefined;
  if (repeat === 'one' && !asked) return current;
  const next = order[at + step];
  if (next !== undefined || repeat === 'off' || order.length === 0) return next;
  return order[(at + step + order.length) % order.length];
}

/** Mulberry32, numbers from 0 to below 1: small, and the same everywhere. */
function numbersOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What the button for repeating goes on to. */
export function nextRepeat(repeat: Repeat): Repeat {
  return ({ off: 'all', all: 'one', one: 'off' } as const)[repeat];
}
