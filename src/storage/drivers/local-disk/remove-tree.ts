import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { codeOf } from './write-error.js';

/**
 * Removes a file, or a folder with everything in it. Nothing there is fine. Folders that were moved into each other may
 * lie deeper than any path is long (PATH_MAX): those are taken out first.
 * @throws what `rm` throws
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (codeOf(error) !== 'ENAMETOOLONG') throw error;
    await flatten(path);
    await rm(path, { recursive: true, force: true });
  }
}

/** Moves every folder that is in a folder in this one up into this one, and goes on with what is in those. */
async function flatten(top: string): Promise<void> {
  const waiting = await foldersIn(top);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const below of await foldersIn(`${top}/${name}`)) {
      const raised = randomUUID();
      await rename(`${top}/${name}/${below}`, `${top}/${raised}`);
      waiting.push(raised);
    }
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
