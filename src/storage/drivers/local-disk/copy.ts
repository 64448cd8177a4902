import type { BigIntStats } from 'node:fs';
import path from 'node:path';
import type { ObjectKey } from '../../../core/path/index.js';
import type { CopyOptions, Placed } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { copyTree } from './copy-tree.js';
import { keepAttributes } from './file-attributes.js';
import { PinnedFolder } from './pinned-folder.js';
import { followsLink, place, type PlacedItem } from './place.js';
import { isInside } from './served-folder.js';
import { behindLink, checkSource, findSource, type Source } from './source.js';
import { refuseStrayLinks } from './stray-links.js';
import { findTarget } from './target.js';
import { Temporary } from './temporary.js';
import type { WriteContext } from './write-context.js';
import { codeOf } from './write-error.js';

/** As `StorageDriver.copy`. Of a link what it leads to is copied. @throws what `node:fs` throws, besides */
export async function copyEntry(
  context: WriteContext,
  from: ObjectKey,
  to: ObjectKey,
  options: CopyOptions,
): Promise<Placed> {
  const found = await findSource(context.served, from);
  try {
    await checkSource(context.served, found, options.conditions);
    const source = found.kind === 'link' ? await followed(context, found) : found;
    try {
      return await copyTo(context, source, to, options, {});
    } finally {
      if (source !== found) await source.folder.close();
    }
  } finally {
    await found.folder.close();
  }
}

/**
 * Copies an entry to a temporary name on the file system of its new place, and gives it its name.
 * @param item what else is to be looked at then
 */
export async function copyTo(
  context: WriteContext,
  source: Source,
  to: ObjectKey,
  options: CopyOptions & { readonly isMove?: boolean },
  item: Pick<PlacedItem, 'check' | 'locks'>,
): Promise<Placed> {
  const { served, state, journal } = context;
  const kind = source.kind === 'folder' ? 'folder' : 'file';
  const { folder, missing, name } = await findTarget(served, to, followsLink({ kind }, options.onConflict));
  try {
    refuseIntoItself(source, folder);
    if (source.kind === 'folder' && !options.isMove)
      await refuseStrayLinks({
        folder: source.folder.at(source.name),
        from: source.actual,
        to: path.join(folder.actual, ...missing, name),
        signal: options.signal,
      });
    try {
      return await tryCopy(false);
    } catch (error) {
      if (codeOf(error) !== 'EXDEV') throw error;
      return await tryCopy(true);
    }
  } finally {
    await folder.close();
  }

  async function tryCopy(isBeside: boolean): Promise<Placed> {
    const temporary = isBeside
      ? await Temporary.beside(journal, folder)
      : await Temporary.reserve(state, journal, folder);
    try {
      await copyTree(source.folder, source.name, temporary.path, treeOptions(context, options));
      options.signal?.throwIfAborted();
      const copy = source.kind === 'file' && !options.isMove ? await temporary.openFile() : undefined;
      const prepare = async (replaced?: BigIntStats) => {
        if (copy && replaced) await keepAttributes(copy, replaced);
      };
      const placed = { ...item, kind, path: temporary.path, isBeside, prepare } as const;
      return await place(context, placed, to, options.onConflict);
    } finally {
      await temporary.end();
    }
  }
}

/** @throws {StorageError} `into-itself` */
export function refuseIntoItself({ kind, actual }: Source, target: PinnedFolder): void {
  if (kind === 'folder' && isInside(actual, target.actual)) throw new StorageError('into-itself');
}

function treeOptions({ served }: WriteContext, options: CopyOptions & { readonly isMove?: boolean }) {
  const { signal, onProgress, isMove = false } = options;
  let copied = 0;
  return {
    signal,
    isMove,
    // Who moves a folder away wants nothing of it to stay; who copies it gets what can be seen.
    isCopied: (folder: string, name: string) => isMove || served.isListed(folder, name),
    onCopied: (bytes: number) => {
      copied += bytes;
      onProgress?.(copied);
    },
  };
}

/** The entry that a link leads to, in its own folder. */
async function followed({ served }: WriteContext, link: Source): Promise<Source> {
  const { actual } = await behindLink(served, link.folder.at(link.name));
  const folder = await PinnedFolder.open(path.dirname(actual), (found) => served.admit(found));
  const name = path.basename(actual);
  const stats = await folder.look(name);
  if (stats?.isFile() || stats?.isDirectory())
    return { folder, name, stats, actual, kind: stats.isFile() ? 'file' : 'folder' };
  await folder.close();
  throw new StorageError('changed');
}
