import type { BigIntStats } from 'node:fs';
import path from 'node:path';
import { baseName, parentKey, ROOT_KEY, type ObjectKey } from '../../../core/path/index.js';
import { StorageError } from '../../storage-error.js';
import { openVerified } from './open-verified.js';
import { PinnedFolder } from './pinned-folder.js';
import type { ServedFolder } from './served-folder.js';
import { codeOf } from './write-error.js';

/** Folders that come into being above one entry: each has to be flushed, and a path has room for thousands. */
const MOST_MISSING = 255;

/** Where something is to be put. Whoever finds it closes the folder. */
export interface Target {
  /** The nearest folder above it that there is. */
  readonly folder: PinnedFolder;
  /** The folders to be made in that one, the outermost first. */
  readonly missing: readonly string[];
  readonly name: string;
}

/** What stands under a name. Links, and what is neither file nor folder, are `other`. */
export type Occupant =
  { readonly kind: 'nothing' | 'folder' | 'other' } | { readonly kind: 'file'; readonly stats: BigIntStats };

/**
 * Finds where a key leads.
 * @param followsLink whether a link to a file in the root stands for that file: who writes what was read means that one
 * @throws {StorageError} `bad-name` for names that are not to be written, and with too many folders to be made,
 *   `denied` for a folder that is out of the root, `parent-is-file`; what `node:fs` throws
 */
export async function findTarget(
  served: ServedFolder,
  key: ObjectKey,
  followsLink: boolean,
): Promise<Target> {
  if (key === ROOT_KEY) throw new StorageError('exists');
  try {
    served.refuse(key);
  } catch (error) {
    throw new StorageError('bad-name', error);
  }
  const missing: string[] = [];
  for (let above = parentKey(key); ; above = parentKey(above)) {
    const folder = await openFolder(served, above);
    if (folder)
      return followsLink ? followLink(served, folder, missing, key) : targetIn(folder, missing, key);
    missing.unshift(baseName(above));
    if (missing.length > MOST_MISSING) throw new StorageError('bad-name');
  }
}

/** What stands under the name of a target now. @throws what `lstat` throws */
export async function occupantOf({ folder, missing, name }: Target): Promise<Occupant> {
  const stats = missing.length > 0 ? undefined : await folder.look(name);
  if (!stats) return { kind: 'nothing' };
  if (stats.isFile()) return { kind: 'file', stats };
  return { kind: stats.isDirectory() ? 'folder' : 'other' };
}

/** Opens a folder for changing what is in it; undefined when there is none. */
async function openFolder(served: ServedFolder, key: ObjectKey): Promise<PinnedFolder | undefined> {
  try {
    return await PinnedFolder.open(served.pathOf(key), (actual) => served.admit(actual));
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && key !== ROOT_KEY) return undefined;
    if (error instanceof StorageError && error.reason === 'is-file')
      throw new StorageError('parent-is-file', error);
    // There is something, and it leads out of the root or into what is hidden.
    if (error instanceof StorageError && error.reason === 'missing') throw new StorageError('denied', error);
    return served.explain(error);
  }
}

async function followLink(
  served: ServedFolder,
  folder: PinnedFolder,
  missing: readonly string[],
  key: ObjectKey,
): Promise<Target> {
  const target = targetIn(folder, missing, key);
  try {
    if (missing.length > 0 || !(await folder.look(target.name))?.isSymbolicLink()) return target;
    const actual = await linkedFile(served, folder.at(target.name));
    if (actual === undefined) return target;
    const other = await PinnedFolder.open(path.dirname(actual), (found) => served.admit(found));
    await folder.close();
    return { folder: other, missing, name: path.basename(actual) };
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** The real path of the file that a link leads to; undefined when it leads to no file that may be seen. */
async function linkedFile(served: ServedFolder, link: string): Promise<string | undefined> {
  const opened = await openVerified(link).catch(() => undefined);
  try {
    if (!opened?.stats.isFile()) return undefined;
    await served.admit(opened.actual);
    return opened.actual;
  } catch {
    return undefined;
  } finally {
    await opened?.descriptor.close();
  }
}

function targetIn(folder: PinnedFolder, missing: readonly string[], key: ObjectKey): Target {
  return { folder, missing, name: baseName(key) };
}
