import type { FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../core/bytes/index.js';
import { writeAll } from '../storage/drivers/local-disk/appender.js';
import { RewriteError } from './rewrite-error.js';

/** Bytes read and written at a time; there are two such buffers, one being read into while the other is written. */
const CHUNK = 2 ** 20;
/** Bytes after which the disk has to catch up: so the end does not wait for all of it, and cancelling never long. */
const FLUSH = 64 * CHUNK;

export interface CopyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes are written by now. */
  readonly onProgress?: ((written: number) => void) | undefined;
}

/**
 * Writes all bytes of a source to the start of a file and waits until the disk has them. The source may be read for a
 * moment longer when this fails: close it as a descriptor that waits for its readers.
 *
 * @throws {RewriteError} `changed-meanwhile` when the source ends too early
 * @throws what reading and writing throw; the signal's reason
 */
export async function copyBytes(
  source: ByteSource,
  target: FileHandle,
  { signal, onProgress }: CopyOptions,
): Promise<void> {
  const { size } = source;
  const buffers = [0, 1].map(() => Buffer.allocUnsafeSlow(Math.min(CHUNK, size)));
  const readAt = (offset: number, turn: number): Promise<Buffer> => {
    const bytes = buffers[turn]!.subarray(0, Math.min(CHUNK, size - offset));
    const reading = source.readInto(bytes, offset).then((count) => {
      if (count < bytes.length) throw new RewriteError('changed-meanwhile');
      return bytes;
    });
    // It is waited for one turn later, or not at all when writing fails before.
    reading.catch(() => undefined);
    return reading;
  };
  let reading = readAt(0, 0);
  for (let at = 0, turn = 0, flushed = 0; at < size; turn = 1 - turn) {
    signal?.throwIfAborted();
    const bytes = await reading;
    const next = at + bytes.length;
    if (next < size) reading = readAt(next, 1 - turn);
    await writeAll(target, bytes, at);
    at = next;
    if (at - flushed >= FLUSH) {
      await target.datasync();
      flushed = at;
    }
    onProgress?.(at);
  }
  await target.datasync();
}
