import { access, constants, readlink, rmdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { parentKey, type ObjectKey } from '../../../core/path/index.js';
import type { CopyOptions, Placed } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { copyTo, refuseIntoItself } from './copy.js';
import { makeFolder } from './make-folder.js';
import { followsLink, place } from './place.js';
import { removeFolder } from './remove.js';
import { checkSource, findSource, type Source } from './source.js';
import { refuseStrayLinks } from './stray-links.js';
import { findTarget } from './target.js';
import { treeState } from './tree-state.js';
import type { WriteContext } from './write-context.js';
import { codeOf } from './write-error.js';

/**
 * As `StorageDriver.move`. A link is moved, not what it leads to. To another file system the entry is copied, read back,
 * and only then removed: who kills the server in between has it in both places.
 * @throws what `node:fs` throws, besides
 */
export async function moveEntry(
  context: WriteContext,
  from: ObjectKey,
  to: ObjectKey,
  options: CopyOptions,
): Promise<Placed> {
  const source = await findSource(context.served, from);
  try {
    if (await isThere(context, source, to, options)) return { key: to, created: false };
    return await moveSource(context, source, to, options);
  } finally {
    await source.folder.close();
  }
}

/** Moves what was found, making the folders above its new place. @throws what `node:fs` throws, besides */
export async function moveSource(
  context: WriteContext,
  source: Source,
  to: ObjectKey,
  options: CopyOptions,
): Promise<Placed> {
  const made = await makeParents(context, to);
  try {
    return await moveTo(context, source, to, options).catch((error: unknown) => {
      if (codeOf(error) !== 'EXDEV') throw error;
      return moveAcross(context, source, to, options);
    });
  } catch (error) {
    for (const key of made) await removeEmpty(context, key);
    throw error;
  }
}

/** Whether the new place is the old one, and may be. @throws StorageError where it cannot go there */
async function isThere(
  { served }: WriteContext,
  source: Source,
  to: ObjectKey,
  { onConflict, signal }: CopyOptions,
): Promise<boolean> {
  const kind = source.kind === 'folder' ? 'folder' : 'file';
  const { folder, missing, name } = await findTarget(served, to, followsLink({ kind }, onConflict));
  try {
    refuseIntoItself(source, folder);
    if (source.kind === 'link') await refuseStrayLink(source, folder.actual);
    if (source.kind === 'folder')
      await refuseStrayLinks({
        folder: source.folder.at(source.name),
        from: source.actual,
        to: path.join(folder.actual, ...missing, name),
        signal,
      });
    return onConflict === 'replace' && folder.identify(name) === source.folder.identify(source.name);
  } finally {
    await folder.close();
  }
}

/** A relative link leads elsewhere from another folder. */
async function refuseStrayLink({ folder, name }: Source, newFolder: string): Promise<void> {
  const text = await readlink(folder.at(name));
  const leads = (from: string) => path.resolve(from, text);
  if (leads(folder.actual) !== leads(newFolder)) throw new StorageError('denied');
}

/** Makes the folders above a key. @returns those that were made, the innermost first */
async function makeParents(context: WriteContext, key: ObjectKey): Promise<ObjectKey[]> {
  const { folder, missing } = await findTarget(context.served, key, false);
  await folder.close();
  if (missing.length === 0) return [];
  await makeFolder(context, parentKey(key)).catch((error: unknown) => {
    // Somebody else was faster.
    if (!(error instanceof StorageError && error.reason === 'exists')) throw error;
  });
  const made = [parentKey(key)];
  while (made.length < missing.length) made.push(parentKey(made.at(-1)!));
  return made;
}

async function removeEmpty({ served }: WriteContext, key: ObjectKey): Promise<void> {
  const { folder, name } = await findTarget(served, key, false);
  await rmdir(folder.at(name)).catch(() => undefined);
  await folder.close();
}

async function moveTo(
  context: WriteContext,
  source: Source,
  to: ObjectKey,
  options: CopyOptions,
): Promise<Placed> {
  const { folder, name, stats } = source;
  const item = {
    kind: source.kind === 'folder' ? 'folder' : 'file',
    path: folder.at(name),
    origin: { folder: folder.actual, name },
    locks: [folder.identify(name)],
    check: () => {
      options.signal?.throwIfAborted();
      return checkSource(context.served, source, options.conditions);
    },
  } as const;
  const placed = await place(context, item, to, options.onConflict);
  // Of two names for one file `rename` leaves both, by POSIX.
  if (!placed.created && stats.nlink > 1n && (await folder.look(name))?.ino === stats.ino)
    await unlink(folder.at(name));
  await folder.sync();
  return placed;
}

async function moveAcross(
  context: WriteContext,
  source: Source,
  to: ObjectKey,
  options: CopyOptions,
): Promise<Placed> {
  const { folder, name } = source;
  await access(folder.at('.'), constants.W_OK);
  const before = await treeState(folder, name, options.signal);
  const item = {
    locks: [folder.identify(name)],
    check: async () => {
      await checkSource(context.served, source, options.conditions);
      if ((await treeState(folder, name, options.signal)) !== before) throw new StorageError('changed');
    },
  };
  const placed = await copyTo(context, source, to, { ...options, isMove: true }, item);
  await (source.kind === 'folder' ? removeFolder(context, source) : unlink(folder.at(name)));
  await folder.sync();
  return placed;
}
