// Asks a small question every few milliseconds, each on time, and keeps the longest time that passed between two
// answers: about how long the server's event loop was held. Runs until its standard input ends.
//   node prober.mjs URL INTERVAL
import { Agent, get } from 'node:http';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';

const url = process.argv[2];
const interval = Number(process.argv[3]);
/** More questions than this without an answer are not asked. */
const UNANSWERED_LIMIT = 64;

const agent = new Agent({ keepAlive: true, maxSockets: UNANSWERED_LIMIT });
let unanswered = 0;
let answers = 0;
let wrong = 0;
let last;
let longestGap = 0;

const asking = setInterval(() => {
  if (unanswered === UNANSWERED_LIMIT) return;
  unanswered++;
  get(url, { agent }, (response) => {
    response.resume().on('end', () => answered(response.statusCode === 200));
  }).on('error', () => answered(false));
}, interval);

function answered(isRight) {
  unanswered--;
  answers++;
  if (!isRight) wrong++;
  const now = performance.now();
  if (last === undefined) console.log('asking');
  else longestGap = Math.max(longestGap, now - last);
  last = now;
}

process.stdin.resume().on('end', () => {
  clearInterval(asking);
  longestGap = Math.max(longestGap, performance.now() - last);
  console.log(JSON.stringify({ answers, wrong, longestGap }));
  process.exit(0);
});
