import { PerformanceObserver } from 'node:perf_hooks';
import v8 from 'node:v8';

/** What one half of the young generation may grow to, in bytes. */
const ENOUGH = 4 * 2 ** 20;
/** By how much the rest of the heap may grow before garbage in it is looked for, in per cent. V8's own: 50 to 300. */
const SLACK = 20;

/**
 * For the time in which modules are loaded: what they leave in the young generation of V8's heap stays, so that it would
 * grow to its greatest size for nothing.
 */
export function holdHeap(): void {
  v8.setFlagsFromString(`--heap-growing-percent=${SLACK}`);
  setGrowthFactor(1);
}

/**
 * Lets the young generation grow until each half has {@link ENOUGH}. V8 itself lets it grow to many times that where a
 * machine has much memory, and gives nothing back: after two seconds of short answers the process is 95 MiB larger, and
 * answers no faster (ADR 023). The option for it, `--max-semi-space-size`, is read before the first line of a program runs;
 * by how much to grow is asked each time. So this looks at the size after each collection.
 */
export function regulateHeap(): void {
  const regulate = () => setGrowthFactor(halfOfYoungGeneration() < ENOUGH ? 2 : 1);
  new PerformanceObserver(regulate).observe({ entryTypes: ['gc'] });
  regulate();
}

let growthFactor: number | undefined;

function setGrowthFactor(factor: 1 | 2): void {
  if (factor === growthFactor) return;
  growthFactor = factor;
  v8.setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}

function halfOfYoungGeneration(): number {
  const space = v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  return space ? space.space_used_size + space.space_available_size : Infinity;
}
