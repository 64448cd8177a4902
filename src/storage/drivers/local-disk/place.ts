import type { BigIntStats } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { numberedName, parentKey, type ObjectKey } from '../../../core/path/index.js';
import type { ConflictPolicy, Placed } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { giveFreeName, type Item } from './free-name.js';
import { placeInNewFolders } from './new-folders.js';
import { findTarget, occupantOf, type Occupant, type Target } from './target.js';
import type { WriteContext } from './write-context.js';
import { codeOf } from './write-error.js';

/** How often others may make or remove folders under our hands before it counts as a conflict. */
const ATTEMPTS = 8;
/** How many names are tried before it counts as a conflict. */
const MOST_NAMES = 10_000;

/** Something complete that is to have its name. */
export interface PlacedItem extends Item {
  /** Whether what is temporary has to be in the very folder of the name: the state folder is on another file system. */
  readonly isBeside?: boolean;
  /** Names that may not be changed meanwhile. */
  readonly locks?: readonly string[];
  /** Objects to what is there when nothing can change any more. */
  check?(occupant: Occupant): Promise<void> | void;
  /** Called just before the name is given, with the file that is replaced, or none, and the folder of the name. */
  prepare?(replaced: BigIntStats | undefined, folder: BigIntStats): Promise<void>;
}

/**
 * Gives something complete and durable its name, in one step and durably: the one place where what is served changes.
 * Conditions are looked at and the name is given under a lock.
 * @throws {StorageError} `exists` and those of `findTarget`; what `check` and `node:fs` throw, EXDEV when the item is on
 *   another file system. Nothing is changed then.
 */
export async function place(
  context: WriteContext,
  item: PlacedItem,
  key: ObjectKey,
  policy: ConflictPolicy = 'fail',
): Promise<Placed> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const target = await findTarget(context.served, key, followsLink(item, policy));
    try {
      const { folder, missing, name } = target;
      const locks = [folder.identify(missing[0] ?? name), ...(item.locks ?? [])];
      const placed = await context.locks.run(locks, () => placeAt(context, item, target, policy));
      if (!placed) continue;
      await folder.check();
      // The bytes were flushed before; only now the name may be. The other way round a power failure could leave a name
      // that leads to nothing.
      await folder.sync();
      const renamed = placed.name !== name;
      return {
        key: renamed ? (path.posix.join(parentKey(key), placed.name) as ObjectKey) : key,
        created: placed.created,
      };
    } catch (error) {
      // A folder was removed or moved between finding it and using it.
      if (codeOf(error) !== 'ENOENT' || attempt === ATTEMPTS) throw error;
    } finally {
      await target.folder.close();
    }
  }
  throw new StorageError('exists');
}

/** What was read under the name of a link is what is written: the file it leads to. */
export function followsLink({ kind }: Pick<Item, 'kind'>, policy: ConflictPolicy | undefined): boolean {
  return kind === 'file' && policy === 'replace';
}

/** Undefined when somebody else came between: look again. */
async function placeAt(
  context: WriteContext,
  item: PlacedItem,
  target: Target,
  policy: ConflictPolicy,
): Promise<{ readonly name: string; readonly created: boolean } | undefined> {
  const { folder, missing, name } = target;
  await folder.check();
  const occupant = await occupantOf(target);
  await item.check?.(occupant);
  if (occupant.kind === 'file' && policy === 'replace' && item.kind === 'file') {
    await replace(item, target, occupant.stats);
    return { name, created: false };
  }
  if (occupant.kind !== 'nothing' && policy !== 'rename') throw new StorageError('exists');
  await item.prepare?.(undefined, folder.stats);
  if (missing.length > 0) {
    const isPlaced = await placeInNewFolders(context, item, target, item.isBeside === true);
    return isPlaced ? { name, created: true } : undefined;
  }
  for (let number = occupant.kind === 'nothing' ? 0 : 1; number < MOST_NAMES; number++) {
    const candidate = numberedName(name, number, item.kind);
    if (await giveFreeName(context.journal, item, folder, candidate))
      return { name: candidate, created: true };
    if (policy !== 'rename') return undefined;
  }
  throw new StorageError('exists');
}

async function replace(item: PlacedItem, { folder, name }: Target, replaced: BigIntStats): Promise<void> {
  // Root could: but who took the right to write away from everybody meant it.
  if ((replaced.mode & 0o222n) === 0n) throw new StorageError('denied');
  await item.prepare?.(replaced, folder.stats);
  await rename(item.path, folder.at(name));
}
