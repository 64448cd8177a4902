// Asks for random ranges as fast as they come, on several connections, and counts the bytes of the bodies.
//   node ranges.mjs URL SIZE LENGTH CONNECTIONS SECONDS SEED
import { performance } from 'node:perf_hooks';
import { randomRanges, requestRanges } from './connection.mjs';

/** Milliseconds before anything is counted: connections open, the kernel's buffers grow. */
const RAMP = 200;

const url = new URL(process.argv[2]);
const [size, length, connections, seconds, seed] = process.argv.slice(3).map(Number);
const errors = [];
let bytes = 0;
let answers = 0;

const handlers = {
  next: randomRanges(size, length, seed),
  onBody: (count) => (bytes += count),
  onDone: () => answers++,
  onError: (reason) => errors.push(reason),
};
for (let i = 0; i < connections; i++) requestRanges(url, handlers);

setTimeout(() => {
  const begin = performance.now();
  const before = { bytes, answers };
  setTimeout(() => {
    const elapsed = (performance.now() - begin) / 1000;
    console.log(
      JSON.stringify({
        bytesPerSecond: (bytes - before.bytes) / elapsed,
        answersPerSecond: (answers - before.answers) / elapsed,
        bytes,
        answers,
        errors,
      }),
    );
    process.exit(0);
  }, seconds * 1000);
}, RAMP);
