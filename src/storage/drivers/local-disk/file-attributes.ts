import type { BigIntStats } from 'node:fs';
import { chmod, chown, type FileHandle } from 'node:fs/promises';

/** Asked for once, at the start: while Node answers, files get no mask at all. */
const UMASK = process.umask();

const SET_GROUP_ID = 0o2000n;

/**
 * Gives a complete file the mode, and as far as this account may the owner and group, of the one it replaces. The bits
 * that make a program run as its owner are not among them: the new bytes are somebody else's. Extended attributes and
 * access control lists are lost; Node can neither read nor write them.
 */
export async function keepAttributes(file: FileHandle, { mode, uid, gid }: BigIntStats): Promise<void> {
  // First the owner: changing it takes bits of the mode away.
  await file.chown(Number(uid), Number(gid)).catch(() => undefined);
  await file.chmod(Number(mode & 0o777n));
}

/** Gives a complete file what a new one in this folder has: 0644 less the umask, and the group the folder passes on. */
export async function newAttributes(file: FileHandle, folder: BigIntStats): Promise<void> {
  if (passesGroupOn(folder)) await file.chown(-1, Number(folder.gid)).catch(() => undefined);
  await file.chmod(0o644 & ~UMASK);
}

/** Gives a folder that was made elsewhere what a new one in this folder has: 0755 less the umask, and the group. */
export async function newFolderAttributes(path: string, folder: BigIntStats): Promise<void> {
  const mode = 0o755 & ~UMASK;
  if (!passesGroupOn(folder)) return chmod(path, mode);
  await chown(path, -1, Number(folder.gid)).catch(() => undefined);
  await chmod(path, mode | Number(SET_GROUP_ID));
}

function passesGroupOn({ mode }: BigIntStats): boolean {
  return (mode & SET_GROUP_ID) !== 0n;
}
