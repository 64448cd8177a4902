import { constants, type BigIntStats } from 'node:fs';
import {
  chmod,
  copyFile,
  lchown,
  mkdir,
  open,
  opendir,
  readlink,
  symlink,
  utimes,
  type FileHandle,
} from 'node:fs/promises';
import { StorageError } from '../../storage-error.js';
import { copyBytes } from './copy-bytes.js';
import { type PinnedFolder, syncFolder } from './pinned-folder.js';
import { codeOf } from './write-error.js';

/** What is copied, and how. */
export interface CopyTreeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onCopied?: ((bytes: number) => void) | undefined;
  /** Whether an entry of a folder is copied, by the folder's real path and its name. */
  readonly isCopied: (folder: string, name: string) => boolean;
  /** Whether owner, group and whole mode are kept, and each file is read back: what was copied is to be removed. */
  readonly isMove: boolean;
}

/**
 * Copies a file, a folder with everything in it, or a link as such, to a name where nothing is, and makes it durable.
 * Modification times and rights are kept. Shares the blocks where the file system can (reflink).
 * @throws {StorageError} `changed` when a file changes meanwhile; `denied` for what can only be moved within its file
 *   system: devices, sockets, FIFOs; what `node:fs` throws; the signal's reason. Incomplete copies are left behind.
 */
export async function copyTree(
  folder: PinnedFolder,
  name: string,
  to: string,
  options: CopyTreeOptions,
): Promise<void> {
  options.signal?.throwIfAborted();
  const stats = await folder.look(name);
  if (!stats) throw new StorageError('changed');
  if (stats.isFile()) return copyOne(folder.at(name), stats, to, options);
  if (stats.isSymbolicLink()) return symlink(await readlink(folder.at(name)), to);
  if (stats.isDirectory()) return copyFolder(folder, name, to, options);
  if (options.isMove) throw new StorageError('denied');
}

async function copyFolder(
  folder: PinnedFolder,
  name: string,
  to: string,
  options: CopyTreeOptions,
): Promise<void> {
  const from = await folder.open(name);
  try {
    await mkdir(to, 0o700);
    for await (const entry of await opendir(from.at('.'))) {
      if (options.isCopied(from.actual, entry.name))
        await copyTree(from, entry.name, `${to}/${entry.name}`, options);
    }
    await keep(to, from.stats, options.isMove);
    await syncFolder(to);
  } finally {
    await from.close();
  }
}

async function copyOne(from: string, seen: BigIntStats, to: string, options: CopyTreeOptions): Promise<void> {
  // What was seen was no link; one that has come since is refused.
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if ((await source.stat({ bigint: true })).ino !== seen.ino) throw new StorageError('changed');
    const copy = await makeCopy(source, to, options);
    try {
      const now = await source.stat({ bigint: true });
      const isSame = now.size === seen.size && now.mtimeNs === seen.mtimeNs;
      if (!isSame || (await copy.stat({ bigint: true })).size !== seen.size)
        throw new StorageError('changed');
      if (options.isMove) await compare(source, copy, options.signal);
      await keep(to, seen, options.isMove);
      await copy.sync();
    } finally {
      await copy.close();
    }
  } finally {
    await source.close();
  }
}

/** A new file with the same bytes, open. */
async function makeCopy(source: FileHandle, to: string, options: CopyTreeOptions): Promise<FileHandle> {
  if (process.platform === 'linux') {
    try {
      const { COPYFILE_EXCL, COPYFILE_FICLONE_FORCE } = constants;
      await copyFile(`/proc/self/fd/${source.fd}`, to, COPYFILE_EXCL | COPYFILE_FICLONE_FORCE);
      options.onCopied?.(Number((await source.stat()).size));
      return await open(to, 'r');
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw error;
    }
  }
  const copy = await open(to, 'wx+', 0o600);
  try {
    await copyBytes(source, copy, options);
    return copy;
  } catch (error) {
    await copy.close();
    throw error;
  }
}

/** Finds our own mistakes, not those of the disk: it is the cache of the system that answers. */
async function compare(one: FileHandle, other: FileHandle, signal: AbortSignal | undefined): Promise<void> {
  const [mine, theirs] = [Buffer.allocUnsafe(2 ** 20), Buffer.allocUnsafe(2 ** 20)];
  for (let at = 0; ; at += mine.length) {
    signal?.throwIfAborted();
    const [a, b] = [await one.read(mine, 0, mine.length, at), await other.read(theirs, 0, theirs.length, at)];
    if (!mine.subarray(0, a.bytesRead).equals(theirs.subarray(0, b.bytesRead)))
      throw new StorageError('changed');
    if (a.bytesRead === 0) return;
  }
}

async function keep(to: string, { uid, gid, mode, mtimeNs, atimeNs }: BigIntStats, isMove: boolean) {
  if (isMove) await lchown(to, Number(uid), Number(gid)).catch(() => undefined);
  await chmod(to, Number(mode & (isMove ? 0o7777n : 0o777n)));
  await utimes(to, Number(atimeNs) / 1e9, Number(mtimeNs) / 1e9);
}
