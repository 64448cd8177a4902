import { Inject, Injectable } from '@nestjs/common';
import type { AccessRules } from '../core/access/index.js';
import { baseName, objectKey, type ObjectKey } from '../core/path/index.js';
import { ProblemError } from '../core/problem/index.js';
import { zipSize } from '../core/zip/index.js';
import type { RequestedPath } from '../files/requested-path.pipe.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { FolderWalk, type PlannedMember } from './folder-walk.js';

/** What everything in an archive of the served folder is below; what that is called on disk is nobody's business. */
const NAME_OF_ROOT = 'files';

export interface ArchivePlan {
  /** What is archived, without `.zip`. */
  readonly name: string;
  readonly members: readonly PlannedMember[];
  /** Of the archive, in bytes. */
  readonly size: number;
}

/** Finds out what an archive will hold, without reading any of it. */
@Injectable()
export class ArchivePlanner {
  constructor(@Inject(STORAGE_DRIVER) private readonly storage: StorageDriver) {}

  /**
   * @param selected paths below the folder; none: all of it
   * @param rules of who will read it: the archive holds nothing else
   * @param signal aborted when nobody waits for the plan any more
   * @throws ProblemError not-found that names the entry, and as {@link FolderWalk}; StorageError as the driver has it
   */
  async plan(
    path: RequestedPath,
    selected: readonly RequestedPath[],
    rules: AccessRules,
    signal: AbortSignal,
  ): Promise<ArchivePlan> {
    const { key } = path;
    const name = key === '' ? NAME_OF_ROOT : baseName(key);
    const walk = new FolderWalk(this.storage, rules, namesBelow(key, name), signal);
    if (selected.length === 0) await this.#add(path, walk);
    for (const entry of selected) {
      signal.throwIfAborted();
      const below = { ...entry, key: join(key, entry.key) };
      await this.#add(below, walk).catch((error: unknown) => {
        throw isMissing(error) ? noSuchEntry(entry.key) : error;
      });
    }
    const { members } = walk;
    return { name, members, size: await zipSize(members) };
  }

  async #add({ key, asFolder }: RequestedPath, walk: FolderWalk): Promise<void> {
    const stat = await this.storage.stat(key);
    if (stat.kind === 'folder') await walk.addFolder(key, stat.lastModified);
    else if (asFolder) throw new StorageError('missing');
    else await walk.addFile(key);
  }
}

/**
 * Paths in the archive begin with the folder's own name. A backslash is part of a name here and parts names on Windows,
 * where `..\\..\\x` would climb out of the folder it is unpacked in: the full-width one stands for it.
 */
function namesBelow(folder: ObjectKey, name: string): (key: ObjectKey) => string {
  const above = folder.length - baseName(folder).length;
  return (key) => {
    const path = folder !== '' ? key.slice(above) : key === '' ? name : `${name}/${key}`;
    return path.replaceAll('\\', '\uff3c');
  };
}

function join(folder: ObjectKey, entry: ObjectKey): ObjectKey {
  return folder === '' ? entry : objectKey([...folder.split('/'), ...entry.split('/')]);
}

function isMissing(error: unknown): boolean {
  return error instanceof StorageError && error.reason === 'missing';
}

function noSuchEntry(entry: ObjectKey): ProblemError {
  return new ProblemError('not-found', `There is no ${JSON.stringify(entry)} in this folder.`);
}
