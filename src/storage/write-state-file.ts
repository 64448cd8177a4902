import { randomBytes } from 'node:crypto';
import { link, lstat, open, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from './drivers/local-disk/pinned-folder.js';

/** How the name of a state file ends that is not complete. */
const PARTIAL = '.partial';
/** After how many milliseconds one was left by a crash. */
const ABANDONED = 600_000;

/**
 * Writes a file in a state folder, for the server's account alone: whole or not at all, and when this resolves it
 * survives a power failure.
 * @param ifFree leaves a file of this name as it is, whoever has just made it
 * @returns whether the file is the one written here
 * @throws what `node:fs` throws
 */
export async function writeStateFile(
  folder: string,
  name: string,
  content: string | Uint8Array,
  ifFree = false,
): Promise<boolean> {
  const partial = path.join(folder, `${name}-${randomBytes(8).toString('hex')}${PARTIAL}`);
  const file = path.join(folder, name);
  let isLeft = true;
  try {
    const handle = await open(partial, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (ifFree) {
      const isMade = await link(partial, file).then(() => true, isTaken);
      if (!isMade) return false;
    } else {
      await rename(partial, file);
      isLeft = false;
    }
    await syncFolder(folder);
    return true;
  } finally {
    if (isLeft) await unlink(partial).catch(() => undefined);
  }
}

/** Removes a file for good. @returns whether there was one. @throws what `node:fs` throws */
export async function removeStateFile(folder: string, name: string): Promise<boolean> {
  try {
    await unlink(path.join(folder, name));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
  await syncFolder(folder);
  return true;
}

/**
 * Removes state files that are not complete and never will be.
 * @param names of all there is in the folder
 */
export async function removeAbandoned(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (!name.endsWith(PARTIAL)) continue;
    const file = path.join(folder, name);
    const stats = await lstat(file).catch(() => undefined);
    if (stats && Date.now() - stats.mtimeMs > ABANDONED) await unlink(file).catch(() => undefined);
  }
}

function isTaken(error: unknown): false {
  if (codeOf(error) === 'EEXIST') return false;
  throw error;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
