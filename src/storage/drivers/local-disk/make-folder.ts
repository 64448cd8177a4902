import type { ObjectKey } from '../../../core/path/index.js';
import { newFolderAttributes } from './file-attributes.js';
import { syncFolder } from './pinned-folder.js';
import { place } from './place.js';
import { findTarget } from './target.js';
import { Temporary } from './temporary.js';
import type { WriteContext } from './write-context.js';
import { codeOf } from './write-error.js';

/** As `StorageDriver.makeFolder`. @throws what `node:fs` throws, besides */
export async function makeFolder(context: WriteContext, key: ObjectKey): Promise<void> {
  try {
    await make(context, key, false);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    await make(context, key, true);
  }
}

async function make(context: WriteContext, key: ObjectKey, isBeside: boolean): Promise<void> {
  const { served, state, journal } = context;
  const { folder } = await findTarget(served, key, false);
  const reserving = isBeside ? Temporary.beside(journal, folder) : Temporary.reserve(state, journal, folder);
  const temporary = await reserving.finally(() => folder.close());
  try {
    const { path } = temporary;
    await temporary.makeFolder();
    await syncFolder(path);
    await place(
      context,
      { kind: 'folder', path, isBeside, prepare: (_, above) => newFolderAttributes(path, above) },
      key,
    );
  } finally {
    await temporary.end();
  }
}
