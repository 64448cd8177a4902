import { link, open, rename, unlink } from 'node:fs/promises';
import type { Journal, Place } from './journal.js';
import type { PinnedFolder } from './pinned-folder.js';
import { codeOf } from './write-error.js';

/** What systems answer that know no second names for files, or none for files of others. */
const CANNOT_LINK = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** Something complete under a name that is not to be its last. */
export interface Item {
  readonly kind: 'file' | 'folder';
  readonly path: string;
  /** Where that is, when a user knows it by that name: then it must not be left under both. */
  readonly origin?: Place;
}

/**
 * Gives something a name in a folder if nothing has it. Two that ask for the same name never both get it, in whatever
 * program they run: `link` makes a name or fails, while `rename` would take it from whoever was faster. The exception
 * is an empty folder that another program makes in the same moment, whose place a folder may take: nothing is lost.
 * @returns false when the name is taken
 * @throws what `node:fs` throws; nothing is changed then
 */
export async function giveFreeName(
  journal: Journal,
  item: Item,
  folder: PinnedFolder,
  name: string,
): Promise<boolean> {
  if (await folder.look(name)) return false;
  if (item.kind === 'folder') return renameFolder(item.path, folder.at(name));
  const { origin } = item;
  const to = { folder: folder.actual, name };
  const strike = origin && (await journal.note({ kind: 'move', from: origin, to }));
  try {
    return await linkFile(item.path, folder.at(name));
  } catch (error) {
    if (!CANNOT_LINK.includes(codeOf(error) ?? '')) throw error;
    return await claimName(journal, item.path, folder, name);
  } finally {
    await strike?.();
  }
}

async function linkFile(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    await unlink(from);
  } catch (error) {
    await unlink(to);
    throw error;
  }
  return true;
}

/** For file systems without links: an empty file keeps the name until the real one takes it, in one step. */
export async function claimName(
  journal: Journal,
  from: string,
  folder: PinnedFolder,
  name: string,
): Promise<boolean> {
  const at = { folder: folder.actual, name };
  const strike = await journal.note({ kind: 'claim', at, since: Date.now() });
  try {
    const claim = await open(folder.at(name), 'wx', 0o600);
    await claim.close();
    await rename(from, folder.at(name)).catch(async (error: unknown) => {
      await unlink(folder.at(name));
      throw error;
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await strike();
  }
}

async function renameFolder(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

/** Whether renaming a folder failed because of what has the name: a folder that is not empty, or no folder. */
export function isTaken(error: unknown): boolean {
  return ['EEXIST', 'ENOTEMPTY', 'ENOTDIR'].includes(codeOf(error) ?? '');
}
