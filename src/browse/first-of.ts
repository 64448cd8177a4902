/**
 * Picks the first `count` of any number of values by an order, keeping no more than those: a page of a folder without
 * sorting the folder.
 */
export function firstOf<T>(count: number, compare: (a: T, b: T) => number) {
  const kept: T[] = [];
  return {
    offer(value: T): void {
      if (kept.length === count && compare(value, kept.at(-1)!) >= 0) return;
      let low = 0;
      let high = kept.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (compare(value, kept[middle]!) < 0) high = middle;
        else low = middle + 1;
      }
      kept.splice(low, 0, value);
      if (kept.length > count) kept.pop();
    },
    /** What is kept, in order. */
    taken: (): readonly T[] => kept,
  };
}
