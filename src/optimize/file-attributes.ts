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

/**
 * Half of what a double counts in at the seconds of this century, 2^-22 s, in nanoseconds. Added, so that what remains
 * is never the tick before: a time of whole milliseconds stays one.
 */
const ROUND_UP = 120;

/** Node takes times as seconds in a double. */
function toSeconds(ns: bigint): number {
  const whole = ns / 1_000_000_000n;
  const rest = Number(ns % 1_000_000_000n);
  return Number(whole) + (rest === 0 ? 0 : (rest + ROUND_UP) / 1e9);
}
