// node listen.mjs URL FOLDER LISTENERS SINGLE BURST
// Listens with so many clients, makes files in the folder, and prints as JSON what arrived and when.
import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { median, quantile } from '../lib/statistics.mjs';

const [url, folder, ...numbers] = process.argv.slice(2);
const [listeners, single, burst] = numbers.map(Number);
const BEGIN = 3000;
const QUIET = 2000;

const made = new Map();
const delays = [];
let arrived = 0;
let resets = 0;
let last = 0;
const begun = performance.now();

await Promise.all(Array.from({ length: listeners }, listen));
await sleep(BEGIN - (performance.now() - begun));
for (let index = 0; index < single; index++) {
  make(`single-${index}`);
  await sleep(150);
}
await sleep(500);
const one = { delay: median(delays), slowest: quantile(delays, 0.99) };
arrived = 0;
const start = performance.now();
for (let index = 0; index < burst; index++) {
  make(`burst-${index}`);
  if (index % 20 === 0) await sleep(0);
}
do await sleep(100);
while (performance.now() - Math.max(last, start) < QUIET);
process.stdout.write(
  JSON.stringify({
    ...one,
    share: (100 * arrived) / (burst * listeners),
    rate: (1000 * arrived) / (last - start),
    resets,
  }),
  () => process.exit(0),
);

function make(name) {
  made.set(name, performance.now());
  writeFileSync(path.join(folder, 'films', name), name);
}

function listen() {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        const blocks = (text + chunk).split('\n\n');
        text = blocks.pop();
        for (const block of blocks) {
          if (block.includes('event: status')) resolve();
          else if (block.includes('event: reset')) resets++;
          else if (block.includes('event: entry-created')) onCreated(block);
        }
      });
    }).on('error', reject);
  });
}

function onCreated(block) {
  last = performance.now();
  arrived++;
  const name = /"path":"films\/([\w-]+)"/.exec(block)?.[1];
  delays.push(last - made.get(name));
}
