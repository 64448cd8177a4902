import type { BigIntStats } from 'node:fs';
import { link, lstat, open, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { SegmentMap } from '../core/bytes/index.js';
import { type Repair, type RepairOutcome, REPAIRS } from '../core/repairs/index.js';
import { Descriptor } from '../storage/drivers/local-disk/descriptor.js';
import { DiskSource } from '../storage/drivers/local-disk/disk-source.js';
import type { TemporaryFile, Workplace } from '../storage/storage-driver.js';
import { copyBytes } from './copy-bytes.js';
import { keepModeAndTimes, keepOwner } from './file-attributes.js';
import {
  checkRewritable,
  openRepairable,
  originalName,
  type RepairableFile,
  whatIsAt,
} from './repairable-file.js';
import { RewriteError, toRewriteError } from './rewrite-error.js';
import { folderWorkplace } from './folder-workplace.js';
import { verifyCopy } from './verify-copy.js';

export interface RewriteOptions {
  /** Keeps the old file beside the new one, as `name.orig.ext`. */
  readonly keepOriginal?: boolean;
  readonly signal?: AbortSignal;
  /** Told how many bytes are written by now, and how many there will be. */
  readonly onProgress?: (written: number, total: number) => void;
  /** All there are by default. */
  readonly repairs?: readonly Repair[];
  /** Where the file is replaced, which then is no link; by default its own folder, with nothing that holds up others. */
  readonly workplace?: Workplace;
}

/** What became of a file, or would. */
export type RewriteResult =
  /** It is in its playable form, or no media. */
  | { readonly state: 'not-needed' }
  /** It needs repairs, and none can be made. */
  | { readonly state: 'impossible'; readonly repairs: readonly RepairOutcome[] }
  | {
      readonly state: 'repairable' | 'rewritten';
      /** Some may be impossible. */
      readonly repairs: readonly RepairOutcome[];
      /** In bytes. */
      readonly sizeBefore: number;
      readonly size: number;
      /** Other names that the file has (hard links); they keep the old bytes. */
      readonly otherNames: number;
    };

/**
 * Says what {@link rewriteFile} would do, and writes nothing.
 * @throws as rewriteFile, as far as it can be told before
 */
export async function previewRewrite(
  file: string,
  { keepOriginal = false, repairs = REPAIRS, signal }: RewriteOptions = {},
): Promise<RewriteResult> {
  const opened = await openRepairable(file, repairs, signal);
  try {
    const { map } = opened.repaired;
    if (map) await checkRewritable(opened, map, keepOriginal);
    return resultOf(opened, 'repairable');
  } finally {
    await opened.close();
  }
}

/**
 * Rewrites a file on disk into its playable form: the bytes `/stream` sends. The new file is written beside it, made
 * durable, verified and given its name, in one step. Until then, whatever happens, the old file is whole; after that the
 * new one is. Mode, owner, group and times are kept; extended attributes and access control lists are not. Where
 * the path is a link, the file it leads to is rewritten.
 *
 * Costs two buffers of 1 MiB and what the repairs keep in memory.
 *
 * @throws {RewriteError} with the reason; the signal's reason. Nothing is left behind then.
 */
export async function rewriteFile(file: string, options: RewriteOptions = {}): Promise<RewriteResult> {
  const { keepOriginal = false, repairs = REPAIRS, signal, workplace } = options;
  const found = await openRepairable(file, repairs, signal);
  // Should a link have come to stand there, it will not be the file that was read.
  const opened = workplace ? { ...found, path: file } : found;
  try {
    const { map } = opened.repaired;
    if (!map) return resultOf(opened, 'rewritten');
    await checkRewritable(opened, map, keepOriginal);
    await replace(opened, map, options);
    return resultOf(opened, 'rewritten');
  } finally {
    await opened.close();
  }
}

function resultOf(
  { repaired: { map, outcomes }, stats }: RepairableFile,
  state: 'repairable' | 'rewritten',
): RewriteResult {
  if (!map) return outcomes.length > 0 ? { state: 'impossible', repairs: outcomes } : { state: 'not-needed' };
  const otherNames = Number(stats.nlink) - 1;
  return { state, repairs: outcomes, sizeBefore: Number(stats.size), size: map.size, otherNames };
}

async function replace(file: RepairableFile, map: SegmentMap, options: RewriteOptions): Promise<void> {
  const { keepOriginal = false, repairs = REPAIRS, signal, onProgress } = options;
  const folder = path.dirname(file.path);
  const { workplace = folderWorkplace(folder) } = options;
  let temporary: TemporaryFile | undefined;
  try {
    temporary = await workplace.createTemporary();
    const { handle, path: written } = temporary;
    await keepOwner(handle, file.stats);
    await copyBytes(map, handle, { signal, onProgress: (count) => onProgress?.(count, map.size) });
    await verifyWritten(written, file, map, repairs, signal);
    await keepModeAndTimes(handle, file.stats);
    await handle.sync();
    // Some file systems tell only then what went wrong.
    await handle.close();
    await workplace.exclusively(async () => {
      signal?.throwIfAborted();
      await takeName(written, file, keepOriginal ? workplace : undefined);
    });
  } catch (error) {
    throw toRewriteError(error, 'read-only-folder');
  } finally {
    await temporary?.end();
  }
  await syncFolder(folder);
}

async function verifyWritten(
  written: string,
  { path: file, stats, source }: RepairableFile,
  map: SegmentMap,
  repairs: readonly Repair[],
  signal?: AbortSignal,
): Promise<void> {
  const descriptor = await Descriptor.open(written, 'r');
  try {
    const { size } = await lstat(written);
    await verifyCopy(source, map, new DiskSource(descriptor, size), repairs, signal);
  } catch (error) {
    // What was copied before a change differs from what is there after it.
    if (error instanceof RewriteError) await checkUnchanged(file, stats, VERSION);
    throw error;
  } finally {
    await descriptor.close();
  }
}

/**
 * Puts the new file in the place of the old one, which must still be the one it was made from.
 * @param keeping where the old one is kept under another name, if it is
 */
async function takeName(written: string, { path: file, stats }: RepairableFile, keeping?: Workplace) {
  await checkUnchanged(file, stats, VERSION);
  if (!keeping) return rename(written, file);
  const original = originalName(file);
  // A run before this one may have got no further.
  const isNew = (await whatIsAt(original, stats)) !== 'it';
  const strike = isNew ? await keeping.noteSecondName(path.basename(original)) : undefined;
  try {
    if (isNew) await keepUnder(original, file);
    await renameOver(written, file, stats, original, isNew);
  } finally {
    await strike?.();
  }
}

async function renameOver(
  written: string,
  file: string,
  stats: BigIntStats,
  original: string,
  isNew: boolean,
): Promise<void> {
  try {
    // A new name changes the change time.
    await checkUnchanged(original, stats, CONTENTS);
    await checkUnchanged(file, stats, CONTENTS);
    await rename(written, file);
  } catch (error) {
    if (isNew) await unlink(original).catch(() => undefined);
    throw error;
  }
}

const CONTENTS = ['dev', 'ino', 'size', 'mtimeNs'] as const;
/** The change time cannot be set back. */
const VERSION = [...CONTENTS, 'ctimeNs'] as const;

async function checkUnchanged(
  file: string,
  stats: BigIntStats,
  fields: readonly (typeof VERSION)[number][],
): Promise<void> {
  const now = await lstat(file, { bigint: true }).catch(() => undefined);
  if (fields.some((field) => now?.[field] !== stats[field])) throw new RewriteError('changed-meanwhile');
}

/** Gives the old file a second name. */
async function keepUnder(original: string, file: string): Promise<void> {
  try {
    await link(file, original);
  } catch (cause) {
    const isTaken = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    throw new RewriteError(isTaken ? 'original-exists' : 'original-not-kept', { cause });
  }
}

/** What systems answer on which a folder cannot be opened or flushed. */
const CANNOT_SYNC = ['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EACCES', 'EBADF', 'ENOSYS'];

/** Makes the new name durable. Too late to undo anything. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (!CANNOT_SYNC.includes((cause as NodeJS.ErrnoException).code ?? ''))
      throw new RewriteError('not-durable', { cause });
  }
}
