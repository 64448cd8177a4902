import { constants } from 'node:fs';
import { open, statfs, unlink, type FileHandle } from 'node:fs/promises';
import type { ObjectKey } from '../../../core/path/index.js';
import { checkConditions } from '../../check-conditions.js';
import type { StagedContent, WriteConditions, WriteOptions, Written } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { copyBytes } from './copy-bytes.js';
import { diskValidators, untilSettled } from './disk-validators.js';
import { keepAttributes, newAttributes } from './file-attributes.js';
import { followsLink, place } from './place.js';
import { findTarget, occupantOf, type Occupant, type Target } from './target.js';
import { Temporary } from './temporary.js';
import { checkAnnounced, checkContent, writeContent, type Checked } from './write-content.js';
import type { WriteContext } from './write-context.js';
import { codeOf } from './write-error.js';

/** A complete file that is to get its name. */
interface Complete {
  readonly path: string;
  readonly handle: FileHandle;
}

/** As `StorageDriver.write`. @throws what `node:fs` throws, besides */
export async function writeFile(
  context: WriteContext,
  key: ObjectKey,
  content: AsyncIterable<Uint8Array>,
  options: WriteOptions,
): Promise<Written> {
  checkAnnounced(options);
  const temporary = await begin(context, key, options);
  try {
    await temporary.makeFile();
    const checked = await writeContent(temporary.handle, content, options);
    return await commit(context, temporary, checked, key, options);
  } finally {
    await temporary.end();
  }
}

/** As `StorageDriver.checkWrite`. @throws what `node:fs` throws, besides */
export async function checkWrite(
  context: WriteContext,
  key: ObjectKey,
  options: WriteOptions,
): Promise<void> {
  checkAnnounced(options);
  const target = await findFree(context, key, options);
  await target.folder.close();
}

/** As `StorageDriver.adopt`. Staged content is a file in a folder of the state folder: `folder/name`. */
export async function adoptFile(
  context: WriteContext,
  key: ObjectKey,
  staged: StagedContent,
  options: WriteOptions,
): Promise<Written> {
  const [, folderName, name] = /^([\w-]+)\/(\w[\w.-]*)$/.exec(staged) ?? [];
  const folder = folderName && (await context.state.openExisting(folderName));
  if (!folder) throw new StorageError('missing');
  try {
    const path = folder.at(name!);
    const handle = await open(path, constants.O_RDWR | constants.O_NOFOLLOW);
    try {
      const checked = await checkContent(handle, options);
      const written = await commit(context, { path, handle }, checked, key, options);
      // It is there still when it had to be copied.
      await unlink(path).catch(() => undefined);
      return written;
    } finally {
      await handle.close();
    }
  } finally {
    await folder.close();
  }
}

async function begin(context: WriteContext, key: ObjectKey, options: WriteOptions): Promise<Temporary> {
  const { folder } = await findFree(context, key, options);
  try {
    return await Temporary.reserve(context.state, context.journal, folder);
  } finally {
    await folder.close();
  }
}

/** Refuses what can be refused before the first byte, so that nobody sends a film in vain. */
async function findFree(context: WriteContext, key: ObjectKey, options: WriteOptions): Promise<Target> {
  const { conditions, length = 0, onConflict = 'fail' } = options;
  const target = await findTarget(context.served, key, followsLink({ kind: 'file' }, onConflict));
  try {
    const occupant = await occupantOf(target);
    checkOccupant(conditions, occupant);
    const isInTheWay = occupant.kind !== 'nothing' && (occupant.kind !== 'file' || onConflict === 'fail');
    if (isInTheWay && onConflict !== 'rename') throw new StorageError('exists');
    const { blocks, bavail, bsize } = await statfs(target.folder.at('.'), { bigint: true });
    // Some file systems of the network say that there are no blocks at all.
    if (blocks > 0n && bavail * bsize < BigInt(length)) throw new StorageError('full');
    return target;
  } catch (error) {
    await target.folder.close();
    throw error;
  }
}

async function commit(
  context: WriteContext,
  file: Complete,
  checked: Checked,
  key: ObjectKey,
  options: WriteOptions,
): Promise<Written> {
  await file.handle.sync();
  options.signal?.throwIfAborted();
  try {
    return await name(context, file, false, checked, key, options);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
  }
  const { folder } = await findTarget(context.served, key, followsLink({ kind: 'file' }, options.onConflict));
  const temporary = await Temporary.beside(context.journal, folder).finally(() => folder.close());
  try {
    const copy = await temporary.makeFile();
    await copyBytes(file.handle, copy, { signal: options.signal });
    await copy.sync();
    return await name(context, temporary, true, checked, key, options);
  } finally {
    await temporary.end();
  }
}

async function name(
  context: WriteContext,
  { path, handle }: Complete,
  isBeside: boolean,
  checked: Checked,
  key: ObjectKey,
  { conditions, onConflict }: WriteOptions,
): Promise<Written> {
  const placed = await place(
    context,
    {
      kind: 'file',
      path,
      isBeside,
      check: (occupant) => checkOccupant(conditions, occupant),
      prepare: (replaced, folder) =>
        replaced ? keepAttributes(handle, replaced) : newAttributes(handle, folder),
    },
    key,
    onConflict,
  );
  // Of the descriptor: under the name there may be another version already.
  const stats = await handle.stat({ bigint: true });
  await untilSettled(stats);
  return { ...placed, ...checked, validators: diskValidators(stats) };
}

function checkOccupant(conditions: WriteConditions | undefined, occupant: Occupant): void {
  checkConditions(conditions, occupant.kind === 'file' ? diskValidators(occupant.stats) : undefined);
}
