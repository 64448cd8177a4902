import { hash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Validators } from '../../../core/http/index.js';

/**
 * Two writes within one tick of the kernel's clock leave the same times behind (a tick is at most 10 ms). A file
 * changed more recently than this may change again without a trace.
 */
const CLOCK_TICK_NS = 20_000_000n;

/** Whether any change of the file from now on leaves its trace in the times. */
export function isSettled({ ctimeNs }: BigIntStats, nowMs: number): boolean {
  return BigInt(nowMs) * 1_000_000n - ctimeNs >= CLOCK_TICK_NS;
}

/**
 * Waits until any change from now on leaves its trace: so a file that was just written gets the tag that whoever opens it
 * from then on sees. Waits for one tick at most, whatever the clock of a file server says.
 */
export async function untilSettled(stats: BigIntStats): Promise<void> {
  if (!isSettled(stats, Date.now())) await sleep(Number(CLOCK_TICK_NS / 1_000_000n) + 1);
}

/**
 * Strong validators from what identifies a version on disk: device, inode, size, and the modification and change
 * times in nanoseconds. The change time cannot be set back, so an edit that restores the modification time shows
 * too. The tag is a hash, since inode numbers are nobody's business (CVE-2003-1418).
 *
 * A file that changed within the last clock tick gets a tag of its own for this one answer: strong tags must not
 * survive a change of bytes (RFC 9110 §8.8.1), and here nothing else could tell.
 */
export function diskValidators(stats: BigIntStats, nowMs: number = Date.now()): Validators {
  const identity = [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs];
  if (!isSettled(stats, nowMs)) identity.push(process.hrtime.bigint());
  const opaque = hash('sha256', identity.join('-'), 'base64url').slice(0, 22);
  return { etag: { weak: false, opaque }, lastModified: Number(stats.mtimeNs / 1_000_000n) };
}
