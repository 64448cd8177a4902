import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectKey } from '../../../core/path/index.js';
import { StorageError } from '../../storage-error.js';
import { PinnedFolder } from './pinned-folder.js';
import { TRASH_FOLDER } from './reserved-names.js';
import { isInside } from './served-folder.js';
import type { WriteContext } from './write-context.js';
import { codeOf } from './write-error.js';

/** The folder of the state folder with the records of all that is in the trash, and what is on its file system. */
export const TRASH = 'trash';

/** A folder that holds what is in the trash. Whoever opens it closes the folder. */
export interface TrashHome {
  readonly folder: PinnedFolder;
  /** The topmost folder of its file system; null where it is in the state folder. */
  readonly top: ObjectKey | null;
}

/**
 * Where what is in a folder goes without being copied: to the state folder, or to the topmost folder of its file system,
 * which nobody can remove or move by this server, since something is mounted there. Made when missing.
 * @throws StorageError; what `node:fs` throws
 */
export async function homeFor(context: WriteContext, near: PinnedFolder): Promise<TrashHome> {
  const { served, state } = context;
  const fileSystem = await near.fileSystem();
  const own = await pin(await state.open(TRASH));
  if ((await own.fileSystem()) === fileSystem) return { folder: own, top: null };
  await own.close();
  const top = await topmost(context, near, fileSystem);
  const above = await PinnedFolder.open(top, (actual) => served.admit(actual));
  try {
    await mkdir(above.at(TRASH_FOLDER), { mode: 0o700 }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    await above.sync();
  } finally {
    await above.close();
  }
  return { folder: await openTrashIn(top), top: served.keyOf(top) };
}

/** Opens where a record says that its content is; undefined when that is gone, or not mounted. @throws StorageError */
export async function openHome(
  { served, state }: WriteContext,
  top: ObjectKey | null,
): Promise<PinnedFolder | undefined> {
  try {
    const own = top === null ? await state.openExisting(TRASH) : undefined;
    if (top === null) return own && (await pin(own));
    return await openTrashIn(path.join(await served.findRoot(), top));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Not through a link: whoever may write to the disk could have it lead anywhere. */
function openTrashIn(top: string): Promise<PinnedFolder> {
  const expected = path.join(top, TRASH_FOLDER);
  return PinnedFolder.open(expected, (actual) => admit(expected, actual));
}

/** The same folder, and what is in it. */
async function pin(folder: PinnedFolder): Promise<PinnedFolder> {
  const { actual: expected } = folder;
  return PinnedFolder.open(folder.at('.'), (actual) => admit(expected, actual)).finally(() => folder.close());
}

function admit(trash: string, actual: string): void {
  if (!isInside(trash, actual))
    throw new StorageError('unavailable', new Error('the trash must be a folder, not a link to one'));
}

/** The real path of the folder nearest to the root on the same file system. */
async function topmost({ served }: WriteContext, near: PinnedFolder, fileSystem: string): Promise<string> {
  const root = await served.findRoot();
  let top = near.actual;
  while (top !== root) {
    const above = await PinnedFolder.open(path.dirname(top), (actual) => served.admit(actual));
    if ((await above.fileSystem().finally(() => above.close())) !== fileSystem) break;
    top = path.dirname(top);
  }
  return top;
}
