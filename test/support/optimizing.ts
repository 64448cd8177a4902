import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { runPlayhead } from './playhead-process.js';

const LEFTOVER = /^\.playhead-optimize-.*\.tmp$/;

/** Runs `playhead optimize` to its end. */
export const optimize = (...args: string[]) => runPlayhead(['optimize', ...args]);

/** Names of temporary files in a folder. */
export const leftovers = (folder: string) => readdirSync(folder).filter((name) => LEFTOVER.test(name));

export async function hashOf(file: string): Promise<string> {
  const sum = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) sum.update(chunk as Buffer);
  return sum.digest('hex');
}

export async function until(isTrue: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 20_000; !isTrue(); await sleep(2))
    if (Date.now() > end) throw new Error(`never: ${what}`);
}
