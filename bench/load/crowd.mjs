// One client that downloads the whole file again and again as fast as it comes, beside many that read it at an even pace.
// Prints a line when all of them have the beginning of their answer; counts from the first line on its standard input
// to the end of it.
//   node crowd.mjs URL SIZE CLIENTS BYTES_PER_SECOND SPREAD SEED
import { performance } from 'node:perf_hooks';
import { requestRanges } from './connection.mjs';
import { startPaced } from './paced.mjs';

const url = new URL(process.argv[2]);
const [size, clients, bytesPerSecond, spread, seed] = process.argv.slice(3).map(Number);
const errors = [];
let greedy = 0;
let begin;

requestRanges(url, {
  next: () => [0, size - 1],
  onBody: (count) => (greedy += count),
  onError: (reason) => errors.push(`greedy: ${reason}`),
});
const onAnswered = () => console.log('all answered');
const paced = startPaced(url, { size, clients, bytesPerSecond, spread, seed, onAnswered });

process.stdin.once('data', () => (begin = readings()));
process.stdin.on('end', () => {
  const end = readings();
  const elapsed = (end.time - begin.time) / 1000;
  const sent = end.read + end.queued - begin.read - begin.queued;
  const result = {
    greedyBytesPerSecond: (end.greedy - begin.greedy) / elapsed,
    pacedShare: sent / (elapsed * clients * bytesPerSecond),
    errors: [...errors, ...paced.errors],
  };
  console.log(JSON.stringify(result));
  process.exit(0);
});

function readings() {
  return { time: performance.now(), greedy, read: paced.read, queued: paced.queued() };
}
