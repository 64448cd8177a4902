import type { BigIntStats } from 'node:fs';
import { lstat, opendir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { writerOf } from './temporary-file.js';
import { stateOf } from './writer.js';

/** Milliseconds. A writer that cannot be asked for, since it is of another machine, changes its file more often. */
const ABANDONED = 10 * 60_000;

/**
 * Removes from a folder, not from those in it, what runs that were killed have left there: temporary files by their
 * name, whose writer does not run any more. What cannot be looked at or removed stays.
 * @returns how many were removed
 */
export async function removeLeftovers(folder: string, nowMs = Date.now()): Promise<number> {
  let removed = 0;
  try {
    // Leaving the loop closes the folder.
    for await (const { name } of await opendir(folder)) {
      if (writerOf(name) && (await removeLeftover(path.join(folder, name), nowMs))) removed += 1;
    }
  } catch {
    // Whoever comes to work in this folder finds out what is wrong with it.
  }
  return removed;
}

async function removeLeftover(file: string, nowMs: number): Promise<boolean> {
  try {
    const stats = await lstat(file, { bigint: true });
    if (!stats.isFile() || !isAbandoned(path.basename(file), stats, nowMs)) return false;
    await unlink(file);
    return true;
  } catch {
    return false;
  }
}

function isAbandoned(name: string, { mtimeNs, ctimeNs }: BigIntStats, nowMs: number): boolean {
  const state = stateOf(writerOf(name)!);
  if (state !== 'unknown') return state === 'ended';
  // Both: just before a file is complete it gets the modification time of the one it replaces.
  const touched = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  return nowMs - Number(touched / 1_000_000n) > ABANDONED;
}
