import type { ByteSource, Extent, SegmentMap } from '../core/bytes/index.js';
import { isIsoBmff } from '../core/isobmff/index.js';
import { compareMedia, planRepairs, type Repair } from '../core/repairs/index.js';
import { RewriteError } from './rewrite-error.js';

/** Bytes up to which everything is compared. */
const SMALL = 64 * 2 ** 20;
/** Bytes compared at a time. */
const WINDOW = 65_536;
/** Windows compared of a long extent of the original, its two ends among them. */
const SAMPLES = 32;

/**
 * Holds a written file against what it should be, by reading it: the size, the bytes, that movies have kept the media
 * of every track, and that no repair finds anything to do any more. Of a large file the bytes are compared that the repairs made,
 * and samples of those they took over.
 *
 * @param original what the map was made from
 * @throws {RewriteError} `verification-failed`; what the sources throw; the signal's reason
 */
export async function verifyCopy(
  original: ByteSource,
  map: SegmentMap,
  written: ByteSource,
  repairs: readonly Repair[],
  signal?: AbortSignal,
): Promise<void> {
  const fail = (detail: string) => new RewriteError('verification-failed', { detail });
  if (written.size !== map.size) throw fail('Its size is another.');
  const buffers = [Buffer.allocUnsafe(WINDOW), Buffer.allocUnsafe(WINDOW)] as const;
  for (const { offset, length } of windowsOf(map)) {
    signal?.throwIfAborted();
    const [expected, found] = [buffers[0].subarray(0, length), buffers[1].subarray(0, length)];
    const counts = [await map.readInto(expected, offset), await written.readInto(found, offset)];
    if (counts[0] !== length) throw new RewriteError('changed-meanwhile');
    if (counts[1] !== length || !expected.equals(found)) throw fail(`Bytes differ behind byte ${offset}.`);
  }
  if (isIsoBmff(await original.read(0, 16), original.size)) {
    const chunks = map.size <= SMALL ? 'all' : 'some';
    const difference = await compareMedia(original, written, { chunks, ...(signal && { signal }) });
    if (difference !== undefined) throw fail(difference);
  }
  const again = await planRepairs(written, repairs, signal);
  if (again.map) throw fail(`It would be repaired again: ${again.applied.join(', ')}.`);
}

/** What is compared: extents of the written file of at most {@link WINDOW} bytes. */
function* windowsOf(map: SegmentMap): Generator<Extent> {
  let start = 0;
  for (const segment of map.segments) {
    const { length } = segment;
    const count = Math.ceil(length / WINDOW);
    const isSampled = !(segment instanceof Uint8Array) && map.size > SMALL && count > SAMPLES;
    const picked = isSampled ? SAMPLES : count;
    for (let index = 0; index < picked; index += 1) {
      const at = isSampled ? Math.floor((index * (length - WINDOW)) / (SAMPLES - 1)) : index * WINDOW;
      yield { offset: start + at, length: Math.min(WINDOW, length - at) };
    }
    start += length;
  }
}
