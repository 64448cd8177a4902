// One range at a time, with pauses, on one connection: milliseconds from each request to the first byte of its body.
//   node first-byte.mjs URL SIZE LENGTH SAMPLES PAUSE SEED
import { performance } from 'node:perf_hooks';
import { randomRanges, requestRanges } from './connection.mjs';

/** The first answers on a connection are not counted. */
const UNCOUNTED = 10;

const url = new URL(process.argv[2]);
const [size, length, samples, pause, seed] = process.argv.slice(3).map(Number);
const range = randomRanges(size, length, seed);
const latencies = [];
let asked;

requestRanges(url, {
  next: () => {
    if (latencies.length === samples + UNCOUNTED) return finish([]);
    asked = performance.now();
    return range();
  },
  onBody: () => {
    if (asked !== undefined) latencies.push(performance.now() - asked);
    asked = undefined;
  },
  onError: (reason) => finish([reason]),
  pause: () => pause,
});

function finish(errors) {
  console.log(JSON.stringify({ latencies: latencies.slice(UNCOUNTED), errors }));
  process.exit(0);
}
