import { setImmediate } from 'node:timers/promises';

/** Values sorted or put together before others get their turn: some 2,000 comparisons, about half a millisecond. */
const RUN = 256;
const TURN = 2048;

/**
 * A sorted copy. Comparing a hundred thousand names takes some tenths of a second, in which nothing else would run, so
 * it is a merge sort that steps aside again and again. Stable.
 */
export async function sortInTurns<T>(values: readonly T[], compare: (a: T, b: T) => number): Promise<T[]> {
  let runs: T[][] = [];
  for (let start = 0; start < values.length; start += RUN) {
    runs.push(values.slice(start, start + RUN).sort(compare));
    await setImmediate();
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let index = 0; index < runs.length; index += 2)
      merged.push(await merge(runs[index]!, runs[index + 1] ?? [], compare));
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<T>(left: readonly T[], right: readonly T[], compare: (a: T, b: T) => number) {
  const merged: T[] = [];
  let [taken, other] = [0, 0];
  while (taken < left.length && other < right.length) {
    merged.push(compare(left[taken]!, right[other]!) <= 0 ? left[taken++]! : right[other++]!);
    if (merged.length % TURN === 0) await setImmediate();
  }
  const rest = taken < left.length ? left.slice(taken) : right.slice(other);
  await setImmediate();
  return merged.concat(rest);
}
