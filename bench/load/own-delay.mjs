// How long this process may have kept an answer waiting that the kernel had for it already: what it handled first since
// it last waited for the network, and how long it waited for its core when it was woken.
import { openSync, readSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/** Nanoseconds on the core, nanoseconds ready but without it, times on it (Documentation/scheduler/sched-stats.rst). */
const SCHEDULER = openSync('/proc/self/schedstat');
const text = Buffer.alloc(128);

let idle = -1;
let turnBegan = 0;
let waitedBefore = 0;
let waitedInTurn = 0;

/**
 * To be called first in everything that the event loop calls.
 * @returns milliseconds; never too little, since an answer may have come at any moment of them
 */
export function ownDelay() {
  const { idleTime } = performance.nodeTiming;
  const now = performance.now();
  if (idleTime !== idle) {
    const waited = waitedForCore();
    waitedInTurn = waited - waitedBefore;
    waitedBefore = waited;
    turnBegan = now;
    idle = idleTime;
  }
  return now - turnBegan + waitedInTurn;
}

function waitedForCore() {
  const length = readSync(SCHEDULER, text, 0, text.length, 0);
  return Number(text.latin1Slice(0, length).split(' ')[1]) / 1e6;
}
