import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { freeBytes } from '../core/bytes/index.js';
import { ProblemError } from '../core/problem/index.js';
import { Appender } from '../storage/drivers/local-disk/appender.js';
import { toWriteError } from '../storage/drivers/local-disk/write-error.js';
import { ContentError, readContent } from '../storage/read-content.js';
import { StorageError } from '../storage/storage-error.js';
import type { Checksum } from './upload-checksum.js';
import type { UploadLock } from './upload-locks.js';

/** Where bytes go, and what must be true of them. */
export interface Destination {
  readonly offset: number;
  /** How many there may be. */
  readonly room: number;
  readonly checksum: Checksum | undefined;
}

/**
 * Appends bytes to a file and flushes them. What has arrived stays when the source breaks off, when the disk is full,
 * and when somebody else takes the upload over; but bytes with a checksum stay only when all have come and it is right,
 * and of too many none stay.
 * @throws ContentError when the source broke off; ProblemError checksum-mismatch; the reason of the lock's signal;
 *   StorageError
 */
export async function receiveBytes(
  file: FileHandle,
  body: AsyncIterable<Uint8Array>,
  { offset, room, checksum }: Destination,
  lock: UploadLock,
): Promise<void> {
  const hash = checksum && createHash(checksum.algorithm);
  const failure = await append(file, body, offset, room, lock, (bytes) => hash?.update(bytes));
  const isWrong = failure === undefined && checksum && !hash!.digest().equals(checksum.digest);
  const isTooMuch = failure instanceof StorageError && failure.reason === 'too-large';
  try {
    if (isTooMuch || isWrong || (checksum && failure !== undefined)) await file.truncate(offset);
    await file.datasync();
  } catch (error) {
    if (failure === undefined) throw toWriteError(error);
  }
  if (failure !== undefined) throw failure;
  if (isWrong)
    throw new ProblemError(
      'checksum-mismatch',
      'The bytes are not what Upload-Checksum says. None of them were kept; send them again.',
    );
}

/** Returns what it ended with, if not with the body. */
async function append(
  file: FileHandle,
  body: AsyncIterable<Uint8Array>,
  offset: number,
  room: number,
  lock: UploadLock,
  look: (bytes: Uint8Array) => void,
): Promise<Error | undefined> {
  const appender = new Appender(file, offset + lock.received, freeBytes);
  lock.isReceiving = true;
  try {
    for await (const bytes of readContent(body, lock.signal)) {
      if (lock.received + bytes.length > room) throw new StorageError('too-large');
      look(bytes);
      await appender.append(bytes);
      lock.received += bytes.length;
    }
    await appender.settled();
    return undefined;
  } catch (error) {
    await appender.settled().catch(() => undefined);
    const isOurs = error instanceof ContentError || error === lock.signal.reason;
    return (isOurs ? error : toWriteError(error)) as Error;
  } finally {
    lock.isReceiving = false;
  }
}
