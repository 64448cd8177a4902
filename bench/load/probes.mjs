// Clients that ask for the first two bytes at random times, about once a second each, on a kept-alive connection of their
// own: how long each answer took, and how much of that this process may have been late itself.
//   node probes.mjs URL CLIENTS SECONDS SEED
import { performance } from 'node:perf_hooks';
import { requestRanges } from './connection.mjs';
import { ownDelay } from './own-delay.mjs';
import { randomPause, seededRandom } from './random.mjs';

/** Milliseconds between two questions of a client, on average. */
const PAUSE = 1000;
/** Milliseconds in which all connect; what is asked up to then, and first on a connection, is not counted. */
const RAMP = 500;

const url = new URL(process.argv[2]);
const [clients, seconds, seed] = process.argv.slice(3).map(Number);
const random = seededRandom(seed);
const latencies = [];
const ownDelays = [];
const errors = [];
let isCounting = false;

for (let i = 0; i < clients; i++) setTimeout(probe, random() * RAMP);
setTimeout(() => (isCounting = true), RAMP);
setTimeout(
  () => {
    console.log(JSON.stringify({ latencies, ownDelays, errors }));
    process.exit(0);
  },
  RAMP + seconds * 1000,
);

function probe() {
  let asked;
  let answers = 0;
  let counts = false;
  requestRanges(url, {
    next: () => {
      ownDelay();
      counts = answers++ > 0 && isCounting;
      asked = performance.now();
      return [0, 1];
    },
    onDone: () => {
      const own = ownDelay();
      if (!counts) return;
      latencies.push(performance.now() - asked);
      ownDelays.push(own);
    },
    onBody: () => {},
    onError: (reason) => errors.push(reason),
    pause: () => randomPause(random, PAUSE),
  });
}
