import { lstat, opendir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { isAbandoned, writerOf } from '../storage/drivers/local-disk/temporary-name.js';
import type { Writer } from '../storage/drivers/local-disk/writer.js';

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
      const writer = writerOf(name, 'optimize');
      if (writer && (await removeLeftover(path.join(folder, name), writer, nowMs))) removed += 1;
    }
  } catch {
    // Whoever comes to work in this folder finds out what is wrong with it.
  }
  return removed;
}

async function removeLeftover(file: string, writer: Writer, nowMs: number): Promise<boolean> {
  try {
    const stats = await lstat(file, { bigint: true });
    if (!stats.isFile() || !isAbandoned(writer, stats, nowMs)) return false;
    await unlink(file);
    return true;
  } catch {
    return false;
  }
}
