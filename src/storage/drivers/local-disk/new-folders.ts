import { link, mkdir, rename, unlink } from 'node:fs/promises';
import { newFolderAttributes } from './file-attributes.js';
import { type Item, isTaken } from './free-name.js';
import { syncFolder } from './pinned-folder.js';
import type { Target } from './target.js';
import { Temporary } from './temporary.js';
import type { WriteContext } from './write-context.js';
import { codeOf } from './write-error.js';

/**
 * Gives something a name in folders that are yet to be made: these come into being around it elsewhere, and appear with it
 * in one step.
 * @param isBeside whether what is temporary must be in the very folder they appear in
 * @returns false when somebody else has made the outermost of them meanwhile
 * @throws what `node:fs` throws; nothing is changed then
 */
export async function placeInNewFolders(
  { state, journal }: WriteContext,
  item: Item,
  { folder, missing, name }: Target,
  isBeside: boolean,
): Promise<boolean> {
  const stage = isBeside
    ? await Temporary.beside(journal, folder)
    : await Temporary.reserve(state, journal, folder);
  try {
    await stage.makeFolder();
    const levels = [stage.path];
    for (const segment of missing.slice(1)) {
      const inner = `${levels[0]}/${segment}`;
      await mkdir(inner, 0o700);
      levels.unshift(inner);
    }
    const leave = await enter(item, `${levels[0]}/${name}`);
    try {
      // What is in a folder is durable before the folder has a name that leads to it.
      for (const level of levels) {
        await newFolderAttributes(level, folder.stats);
        await syncFolder(level);
      }
      await rename(stage.path, folder.at(missing[0]!));
    } catch (error) {
      await leave();
      if (isTaken(error)) return false;
      throw error;
    }
    if (item.kind === 'file') await unlink(item.path).catch(() => undefined);
    return true;
  } finally {
    await stage.end();
  }
}

/** A file keeps its name meanwhile where the system can: it must not vanish with the folders when we are killed. */
async function enter({ kind, path }: Item, inside: string): Promise<() => Promise<void>> {
  if (kind === 'file') {
    try {
      await link(path, inside);
      return () => Promise.resolve();
    } catch (error) {
      if (codeOf(error) === 'EXDEV') throw error;
    }
  }
  await rename(path, inside);
  return () => rename(inside, path);
}
