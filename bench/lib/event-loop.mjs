// How long a server leaves others waiting while it does something.
import path from 'node:path';
import { nodeBinary } from '../../scripts/lib/prepare.mjs';
import { LOAD_CORE, printed, startOn, stop } from './processes.mjs';

const INTERVAL = 5;
const LIMIT = 30_000;

/**
 * Asks `url` every few milliseconds while `task` runs.
 * @returns what `task` answered, and the longest time between two answers in milliseconds
 */
export async function whileProbing(url, task) {
  const program = path.join(import.meta.dirname, '../load/prober.mjs');
  const prober = startOn(LOAD_CORE, nodeBinary(), [program, url, String(INTERVAL)]);
  try {
    if (!(await printed(prober, /asking/, LIMIT))) throw new Error(`no answer from ${url}`);
    const result = await task();
    prober.stdin.end();
    const { wrong, longestGap } = JSON.parse((await printed(prober, /\{.*\}/, LIMIT))?.[0] ?? '{}');
    if (wrong !== 0) throw new Error(`wrong answers from ${url}`);
    return { result, longestGap };
  } finally {
    await stop(prober);
  }
}
