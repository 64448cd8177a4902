import type { FileHandle } from 'node:fs/promises';
import type { Digests } from '../../../core/http/index.js';
import { DigestComputation } from '../../digests.js';
import { readContent } from '../../read-content.js';
import type { WriteOptions } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { Appender } from './appender.js';

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
  const appender = new Appender(file, 0, options.release);
  let size = 0;
  try {
    for await (const bytes of readContent(content, options.signal)) {
      checkSize(size + bytes.length, options);
      digests.update(bytes);
      await appender.append(bytes);
      size += bytes.length;
    }
  } catch (error) {
    // Whoever closes the file must not do so while it is written to.
    await appender.settled().catch(() => undefined);
    throw error;
  }
  await appender.settled();
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
