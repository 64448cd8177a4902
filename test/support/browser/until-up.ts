import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessGroup } from './process-group.js';
import { TIMEOUTS } from './session.js';

/** Repeats the attempt until it succeeds; gives up at once when the program it waits for has ended. */
export async function untilUp<T>(group: ProcessGroup, attempt: () => T | Promise<T>): Promise<T> {
  const deadline = performance.now() + TIMEOUTS.start;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const ended = group.ended();
      if (ended) throw ended;
      if (performance.now() > deadline) throw error;
    }
    await sleep(50);
  }
}
