import { type BigIntStats, constants } from 'node:fs';
import { access, lstat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SegmentMap } from '../core/bytes/index.js';
import { planRepairs, type Repair, type Repaired } from '../core/repairs/index.js';
import { DiskSource } from '../storage/drivers/local-disk/disk-source.js';
import { isSettled } from '../storage/drivers/local-disk/disk-validators.js';
import { openVerified } from '../storage/drivers/local-disk/open-verified.js';
import { RewriteError, toRewriteError } from './rewrite-error.js';

/** Milliseconds after which a change shows in the times of a file that had just changed. */
const CLOCK_TICK = 25;

/** An open file and what the repairs would make of it. */
export interface RepairableFile {
  /** All links resolved. */
  readonly path: string;
  /** Of what is open. */
  readonly stats: BigIntStats;
  readonly source: DiskSource;
  readonly repaired: Repaired;
  /** Waits for reads under way. */
  close(): Promise<void>;
}

/**
 * Opens a file, following links, and plans its repairs.
 * @throws {RewriteError} when it cannot be read; the signal's reason
 */
export async function openRepairable(
  file: string,
  repairs: readonly Repair[],
  signal?: AbortSignal,
): Promise<RepairableFile> {
  try {
    const { descriptor, stats, actual } = await openSettled(file);
    try {
      const source = new DiskSource(descriptor, Number(stats.size));
      const repaired = await planRepairs(source, repairs, signal);
      return { path: actual, stats, source, repaired, close: () => descriptor.close() };
    } catch (error) {
      await descriptor.close();
      throw error;
    }
  } catch (error) {
    throw toRewriteError(error, 'denied');
  }
}

/** Any change of what is open from now on shows in its times. */
async function openSettled(file: string) {
  for (let tries = 0; tries < 3; tries += 1) {
    const opened = await openVerified(file);
    if (opened?.stats.isFile() && isSettled(opened.stats, Date.now())) return opened;
    await opened?.descriptor.close();
    if (!opened?.stats.isFile()) throw new RewriteError('not-a-file');
    await sleep(CLOCK_TICK);
  }
  throw new RewriteError('changed-meanwhile');
}

/** Where the original is kept: `film.mp4` as `film.orig.mp4`. */
export function originalName(file: string, paths: path.PlatformPath = path): string {
  const { dir, name, ext } = paths.parse(file);
  return paths.join(dir, `${name}.orig${ext}`);
}

/**
 * Whether the file can be given other bytes, as far as can be told before.
 * @throws {RewriteError} with the reason why not
 */
export async function checkRewritable(
  { path: file, stats }: RepairableFile,
  map: SegmentMap,
  keepOriginal: boolean,
): Promise<void> {
  const folder = path.dirname(file);
  // Root could: but who took the right to write away from everybody meant it.
  if ((stats.mode & 0o222n) === 0n) throw new RewriteError('read-only');
  try {
    await access(file, constants.W_OK);
  } catch (error) {
    throw toRewriteError(error, 'read-only');
  }
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    const { blocks, bavail, bsize } = await statfs(folder, { bigint: true });
    // Some file systems of the network say that there are no blocks at all.
    if (blocks > 0n && bavail * bsize < BigInt(map.size)) throw new RewriteError('insufficient-storage');
    if (keepOriginal && (await whatIsAt(originalName(file), stats)) === 'another')
      throw new RewriteError('original-exists');
  } catch (error) {
    throw toRewriteError(error, 'read-only-folder');
  }
}

/** Whether a name is free, the name of the very file these are the stats of, or of another. */
export async function whatIsAt(
  file: string,
  { dev, ino }: BigIntStats,
): Promise<'nothing' | 'it' | 'another'> {
  try {
    const found = await lstat(file, { bigint: true });
    return found.dev === dev && found.ino === ino ? 'it' : 'another';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'nothing';
    throw error;
  }
}
