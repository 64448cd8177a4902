import type { BigIntStats } from 'node:fs';
import path from 'node:path';
import { baseName, parentKey, ROOT_KEY, type ObjectKey } from '../../../core/path/index.js';
import { checkConditions } from '../../check-conditions.js';
import type { WriteConditions } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { toStorageError } from './disk-error.js';
import { diskValidators } from './disk-validators.js';
import { openVerified } from './open-verified.js';
import { PinnedFolder } from './pinned-folder.js';
import type { ServedFolder } from './served-folder.js';

/** An entry that is to be moved or removed. A link is such an entry itself. Whoever finds it closes the folder. */
export interface Source {
  readonly folder: PinnedFolder;
  readonly name: string;
  /** Of the entry itself. */
  readonly stats: BigIntStats;
  readonly kind: 'file' | 'folder' | 'link';
  /** The real path of its folder, and its name. */
  readonly actual: string;
}

/**
 * Finds an entry that may be seen.
 * @throws {StorageError} `missing`; `denied` for what holds the state folder, which must stay where it is
 */
export async function findSource(served: ServedFolder, key: ObjectKey): Promise<Source> {
  if (key === ROOT_KEY) throw new StorageError('denied');
  served.refuse(key);
  let folder: PinnedFolder | undefined;
  try {
    folder = await PinnedFolder.open(served.pathOf(parentKey(key)), (actual) => served.admit(actual));
    const name = baseName(key);
    const stats = await folder.look(name);
    const kind = stats && kindOf(stats);
    if (!kind) throw new StorageError('missing');
    const actual = path.join(folder.actual, name);
    if (kind === 'link') await behindLink(served, folder.at(name));
    else await served.admit(actual);
    if (kind === 'folder' && (await served.holdsState(actual))) throw new StorageError('denied');
    return { folder, name, stats, kind, actual };
  } catch (error) {
    await folder?.close();
    const refused = error instanceof StorageError && error.reason === 'is-file' ? 'missing' : undefined;
    if (refused) throw new StorageError(refused, error);
    return served.explain(error).catch((explained: unknown) => {
      throw toStorageError(explained);
    });
  }
}

/**
 * To be done when nobody of us can change it any more: makes sure that it still is what was found, and as the
 * conditions want it.
 * @throws {StorageError} `precondition-failed`, `missing`, `changed`
 */
export async function checkSource(
  served: ServedFolder,
  { folder, name, stats, kind }: Source,
  conditions: WriteConditions | undefined,
): Promise<void> {
  await folder.check();
  const now = await folder.look(name);
  if (!now) throw new StorageError('missing');
  if (kindOf(now) !== kind || (kind === 'folder' && now.ino !== stats.ino)) throw new StorageError('changed');
  if (!conditions) return;
  const file = kind === 'link' ? (await behindLink(served, folder.at(name))).stats : now;
  checkConditions(conditions, file.isFile() ? diskValidators(file) : undefined);
}

/** Undefined for what is neither file, folder nor link. */
export function kindOf(stats: BigIntStats): Source['kind'] | undefined {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : undefined;
}

/** What a link leads to. @throws {StorageError} `missing` when that is nothing that may be seen */
export async function behindLink(
  served: ServedFolder,
  link: string,
): Promise<{ readonly stats: BigIntStats; readonly actual: string }> {
  const opened = await openVerified(link);
  if (!opened) throw new StorageError('missing');
  try {
    await served.admit(opened.actual);
    return { stats: opened.stats, actual: opened.actual };
  } finally {
    await opened.descriptor.close();
  }
}
