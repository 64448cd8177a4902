import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { RewriteError } from './rewrite-error.js';

/**
 * Gives a new file the owner and group of another. To be done before its mode is set: changing the owner takes bits away.
 * @throws {RewriteError} `owner-not-kept` when this user may not
 */
export async function keepOwner(handle: FileHandle, { uid, gid }: BigIntStats): Promise<void> {
  const mine = await handle.stat({ bigint: true });
  if (mine.uid === uid && mine.gid === gid) return;
  try {
    await handle.chown(Number(uid), Number(gid));
  } catch (cause) {
    throw new RewriteError('owner-not-kept', { cause });
  }
}

/** Gives a new file the mode of another and its access and modification times, these to a quarter of a microsecond. */
export async function keepModeAndTimes(
  handle: FileHandle,
  { mode, atimeNs, mtimeNs }: BigIntStats,
): Promise<void> {
  await handle.chmod(Number(mode & 0o7777n));
  await handle.utimes(toSeconds(atimeNs), toSeconds(mtimeNs));
}

/** What a double counts in at the seconds of this century, as a part of a second. */
const TICKS = 2n ** 22n;

/** Node takes times as seconds in a double: the first tick that is not before, so that whole milliseconds stay whole. */
function toSeconds(ns: bigint): number {
  const [whole, rest] = [ns / 1_000_000_000n, ns % 1_000_000_000n];
  const ticks = (rest * TICKS + 999_999_999n) / 1_000_000_000n;
  return Number(whole) + Number(ticks) / Number(TICKS);
}
