import type { FileHandle } from 'node:fs/promises';
import { writeAll } from './appender.js';

/** Bytes read and written at a time. */
const CHUNK = 2 ** 20;
/** Bytes after which the disk has to catch up: so the end does not wait for all of them. */
const FLUSH = 64 * CHUNK;

export interface CopyBytesOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes were copied since it was last told. */
  readonly onCopied?: ((bytes: number) => void) | undefined;
}

/**
 * Copies all there is of a file to the start of an empty one.
 * @returns the number of bytes
 * @throws what reading and writing throw; the signal's reason
 */
export async function copyBytes(
  from: FileHandle,
  to: FileHandle,
  { signal, onCopied }: CopyBytesOptions,
): Promise<number> {
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let at = 0, flushed = 0; ;) {
    signal?.throwIfAborted();
    const { bytesRead } = await from.read(buffer, 0, CHUNK, at);
    if (bytesRead === 0) return at;
    await writeAll(to, buffer.subarray(0, bytesRead), at);
    at += bytesRead;
    onCopied?.(bytesRead);
    if (at - flushed < FLUSH) continue;
    await to.datasync();
    flushed = at;
  }
}
