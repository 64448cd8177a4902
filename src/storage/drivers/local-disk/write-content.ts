import type { FileHandle } from 'node:fs/promises';
import { DigestComputation, type Digests } from '../../digests.js';
import { readContent } from '../../read-content.js';
import type { WriteOptions } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';

/** Bytes after which the disk has to catch up: so the end does not wait for all of them. */
const FLUSH = 64 * 2 ** 20;
/** Bytes read at a time from what is written already. */
const CHUNK = 2 ** 20;

/** What was found out about content on its way. */
export interface Checked {
  /** In bytes. */
  readonly size: number;
  readonly digests: Digests;
}

/**
 * Writes content to the start of an empty file, and holds it against what is said of it.
 * @throws {StorageError} `too-large`, `length-mismatch`, `digest-mismatch`; what `readContent` and writing throw
 */
export async function writeContent(
  file: FileHandle,
  content: AsyncIterable<Uint8Array>,
  options: WriteOptions,
): Promise<Checked> {
  const digests = new DigestComputation(options.expectedDigests, options.wantedDigests);
  let size = 0;
  let flushed = 0;
  for await (const bytes of readContent(content, options.signal)) {
    checkSize(size + bytes.length, options);
    digests.update(bytes);
    await writeAll(file, bytes, size);
    size += bytes.length;
    if (size - flushed >= FLUSH) {
      await file.datasync();
      flushed = size;
    }
  }
  return finish(size, digests, options);
}

/** Holds a file that is written already against what is said of it; reads it when there are digests to compute. */
export async function checkContent(file: FileHandle, options: WriteOptions): Promise<Checked> {
  const { size } = await file.stat();
  checkSize(size, options);
  const digests = new DigestComputation(options.expectedDigests, options.wantedDigests);
  const buffer = Buffer.allocUnsafe(digests.isNeeded ? Math.min(CHUNK, size) : 0);
  for (let at = 0; at < size && digests.isNeeded;) {
    options.signal?.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) throw new StorageError('changed');
    digests.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  return finish(size, digests, options);
}

/** What can be said before anything is read. @throws {StorageError} `too-large` */
export function checkAnnounced({ length = 0, limit }: WriteOptions): void {
  if (limit !== undefined && length > limit) throw new StorageError('too-large');
}

function checkSize(size: number, { length, limit }: WriteOptions): void {
  if (limit !== undefined && size > limit) throw new StorageError('too-large');
  if (length !== undefined && size > length) throw new StorageError('length-mismatch');
}

function finish(size: number, digests: DigestComputation, { length }: WriteOptions): Checked {
  if (length !== undefined && size !== length) throw new StorageError('length-mismatch');
  return { size, digests: digests.finish() };
}

/** The system may take fewer bytes than it is given: when the disk gets full, the next call tells. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
