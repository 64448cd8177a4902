import { constants, type BigIntStats } from 'node:fs';
import { open, readlink, realpath, stat, type FileHandle } from 'node:fs/promises';

/** NOFOLLOW: the path is resolved already. NONBLOCK: should a FIFO slip in between, opening it must not hang. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export interface Opened {
  readonly handle: FileHandle;
  readonly stats: BigIntStats;
}

/**
 * Opens a resolved path and makes sure that what was opened is that very file or folder: no folder on the way may have
 * become a link meanwhile. Undefined when it was swapped: worth another try. The caller closes the handle.
 */
export async function openVerified(file: string, kind: 'file' | 'folder'): Promise<Opened | undefined> {
  const handle = await open(file, FLAGS);
  try {
    const stats = await handle.stat({ bigint: true });
    const isKind = kind === 'file' ? stats.isFile() : stats.isDirectory();
    if (isKind && (await isOpenedFrom(handle, file, stats))) return { handle, stats };
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return undefined;
}

async function isOpenedFrom(handle: FileHandle, file: string, stats: BigIntStats): Promise<boolean> {
  if (process.platform === 'linux') {
    // Asked of the descriptor, so there is nothing left to race with. A file deleted since then is marked as such.
    const opened = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
    if (opened !== undefined) return opened === file || opened === `${file} (deleted)`;
  }
  if ((await realpath(file)) !== file) return false;
  const again = await stat(file, { bigint: true });
  return again.dev === stats.dev && again.ino === stats.ino;
}
