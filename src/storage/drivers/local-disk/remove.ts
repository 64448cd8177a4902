import { rename, unlink } from 'node:fs/promises';
import type { ObjectKey } from '../../../core/path/index.js';
import type { ChangeOptions } from '../../storage-driver.js';
import { checkSource, findSource, type Source } from './source.js';
import { Temporary } from './temporary.js';
import type { WriteContext } from './write-context.js';
import { codeOf } from './write-error.js';

/**
 * As `StorageDriver.remove`. A link is removed, not what it leads to. A folder gets a temporary name first, so that it
 * vanishes in one step, however long it takes to remove what is in it.
 * @throws what `node:fs` throws, besides
 */
export async function removeEntry(
  context: WriteContext,
  key: ObjectKey,
  { conditions, signal }: ChangeOptions,
): Promise<void> {
  const source = await findSource(context.served, key);
  const { folder, name } = source;
  try {
    await context.locks.run([folder.identify(name)], async () => {
      await checkSource(context.served, source, conditions);
      signal?.throwIfAborted();
      await (source.kind === 'folder' ? removeFolder(context, source) : unlink(folder.at(name)));
    });
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Removes a folder with everything in it: at once for everybody, then bit by bit. */
export async function removeFolder({ state, journal }: WriteContext, source: Source): Promise<void> {
  const temporary = await Temporary.reserve(state, journal, source.folder);
  try {
    return await removeBy(temporary, source);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
  }
  return removeBy(await Temporary.beside(journal, source.folder), source);
}

async function removeBy(temporary: Temporary, { folder, name }: Source): Promise<void> {
  try {
    await rename(folder.at(name), temporary.path);
    await folder.sync();
  } finally {
    await temporary.end();
  }
}
