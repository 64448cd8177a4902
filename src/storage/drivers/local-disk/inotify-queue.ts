import { readFileSync } from 'node:fs';

let signsInTurn = 0;
let queueLength: number | undefined;

/**
 * To be asked for every sign of the system: whether so many came in one turn of the event loop that it may have dropped
 * some. It keeps a limited number for the whole process, and says nothing of those it drops that would reach us.
 */
export function isFlood(): boolean {
  queueLength ??= readQueueLength();
  if (signsInTurn === 0) setImmediate(() => (signsInTurn = 0));
  return ++signsInTurn > queueLength * 0.9;
}

function readQueueLength(): number {
  try {
    return Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
  } catch {
    return Infinity;
  }
}
