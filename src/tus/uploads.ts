import { hash, randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Clients } from '../auth/clients.js';
import type { AuthorizedRequest } from '../auth/principal.js';
import { Changes } from '../changes/changes.js';
import { AppConfig } from '../config/app-config.js';
import { formatEntityTag, type Digests } from '../core/http/index.js';
import { ProblemError } from '../core/problem/index.js';
import { StorageError } from '../storage/storage-error.js';
import { invalidField } from './invalid-field.js';
import { receiveBytes } from './receive-bytes.js';
import type { Chunk, Creation } from './request-fields.js';
import type { StoredFile, UnfinishedUpload, Upload, UploadRecord } from './upload.js';
import { UploadLocks, type UploadLock } from './upload-locks.js';
import { UploadStore } from './upload-store.js';

/** How many unfinished uploads one user may have, or one address of those who have not logged in. */
const MOST = 1000;

/**
 * Uploads from their first byte until they are files. Each belongs to who began it, and looks missing to everybody else;
 * whether they may still write there is asked each time. All reject with ProblemError and StorageError, and with
 * ContentError when a body breaks off.
 */
@Injectable()
export class Uploads {
  readonly #logger = new Logger('Uploads');
  readonly #locks = new UploadLocks();
  /** How many are being begun at this moment, by the beginning of their ids. */
  readonly #begun = new Map<string, number>();

  constructor(
    private readonly config: AppConfig,
    private readonly store: UploadStore,
    private readonly changes: Changes,
    private readonly clients: Clients,
  ) {}

  /** @param chunk the bytes that come with it, if any */
  async create(
    request: AuthorizedRequest,
    { target, metadata, length }: Creation,
    chunk: Chunk | undefined,
  ): Promise<Upload> {
    const { key, onConflict, digests } = target;
    await this.changes.checkWrite(request, key, { onConflict, length: length ?? 0, limit: this.#limit });
    if (chunk) demandRoom(chunk, roomOf(length, 0, this.#limit));
    const prefix = this.#prefixOf(request);
    const id = prefix + randomBytes(16).toString('hex');
    const lock = await this.#locks.acquire(id);
    try {
      const owner = nameOf(request);
      const record = { id, owner, key, onConflict, digests: toBase64(digests), metadata, length };
      const created = await this.#begin(record, prefix);
      try {
        return await this.#advance(request, created, chunk, lock);
      } catch (error) {
        // Nobody has been told of it: it is of use only if something has arrived, and who sent that can list it.
        if (owner === null || (await this.store.find(id))?.offset === 0) await this.store.remove(id);
        throw error;
      }
    } finally {
      lock.release();
    }
  }

  /** Those that are begun at the same time count too. @throws ProblemError too-many-uploads */
  async #begin(record: UploadRecord, prefix: string): Promise<UnfinishedUpload> {
    const others = this.#begun.get(prefix) ?? 0;
    this.#begun.set(prefix, others + 1);
    try {
      if ((await this.store.idsOf(prefix)).length + others >= MOST)
        throw new ProblemError(
          'too-many-uploads',
          `There are ${MOST} unfinished uploads. Finish or end some.`,
          {
            headers: { 'Retry-After': '3600' },
          },
        );
      return await this.store.create(record);
    } finally {
      const left = this.#begun.get(prefix)! - 1;
      if (left > 0) this.#begun.set(prefix, left);
      else this.#begun.delete(prefix);
    }
  }

  /** How far it is. When all bytes are there and it is no file yet, it becomes one now. */
  look(request: AuthorizedRequest, id: string): Promise<Upload> {
    return this.#locked(request, id, false, (upload) => this.#completed(request, upload));
  }

  append(request: AuthorizedRequest, id: string, chunk: Chunk): Promise<Upload> {
    return this.#locked(request, id, false, async (upload, lock) => {
      if (chunk.offset !== upload.offset) throw otherOffset(upload.offset);
      return this.#advance(request, await this.#withLength(upload, chunk.length), chunk, lock);
    });
  }

  /** Ends it, also while bytes arrive. A file that it has become stays. */
  end(request: AuthorizedRequest, id: string): Promise<void> {
    return this.#locked(request, id, true, () => this.store.remove(id));
  }

  /** The unfinished ones of who asks; of nobody who has not logged in, since an address may be that of many. */
  async listOwn(request: AuthorizedRequest): Promise<UnfinishedUpload[]> {
    const owner = nameOf(request);
    if (owner === null) return [];
    const own: UnfinishedUpload[] = [];
    for (const id of await this.store.idsOf(this.#prefixOf(request))) {
      const upload = await this.store.find(id);
      if (upload?.state === 'unfinished' && upload.record.owner === owner && !this.#hasExpired(upload))
        own.push(upload);
    }
    return own.sort((a, b) => b.lastByte - a.lastByte);
  }

  /** In milliseconds since the epoch. */
  expiryOf({ lastByte }: UnfinishedUpload): number {
    return lastByte + this.config.uploadExpiry * 1000;
  }

  /** Removes what has expired, and what a crash has left. @returns how many uploads had expired */
  async sweep(): Promise<number> {
    await this.store.removeAbandoned();
    let removed = 0;
    for (const id of await this.store.idsBefore(Date.now() - this.config.uploadExpiry * 1000)) {
      if (this.#locks.isHeld(id)) continue;
      await this.store.remove(id).then(
        () => removed++,
        (err: unknown) => this.#logger.warn({ err, id }, 'an expired upload could not be removed'),
      );
    }
    return removed;
  }

  get #limit(): number | undefined {
    return this.config.maxUploadSize ?? undefined;
  }

  async #locked<T>(
    request: AuthorizedRequest,
    id: string,
    isUrgent: boolean,
    step: (upload: Upload, lock: UploadLock) => Promise<T>,
  ): Promise<T> {
    // Asked before, too: nobody disturbs the uploads of others.
    await this.#find(request, id);
    const lock = await this.#locks.acquire(id, isUrgent);
    try {
      return await step(await this.#find(request, id), lock);
    } finally {
      lock.release();
    }
  }

  async #find(request: AuthorizedRequest, id: string): Promise<Upload> {
    const upload = await this.store.find(id);
    const isOwn = upload?.record.owner === nameOf(request);
    const hasExpired = upload?.state === 'unfinished' && !this.#locks.isHeld(id) && this.#hasExpired(upload);
    if (!upload || !isOwn || hasExpired)
      throw new ProblemError(
        'not-found',
        'There is no such upload: it has expired, was ended, or is not yours. Begin it anew.',
      );
    const { key, onConflict } = upload.record;
    this.changes.demandWrite(request, key, { onConflict });
    return upload;
  }

  #hasExpired(upload: UnfinishedUpload): boolean {
    return this.expiryOf(upload) < Date.now();
  }

  /** @throws ProblemError validation-failed, content-too-large */
  async #withLength(upload: Upload, length: number | undefined): Promise<Upload> {
    const { record, offset } = upload;
    if (length === undefined || length === record.length) return upload;
    if (record.length !== null || upload.state === 'finished')
      throw invalidField('Upload-Length', 'is known already, and is another');
    if (length < offset) throw invalidField('Upload-Length', 'is less than what has arrived already');
    if (length > (this.#limit ?? Infinity)) throw new StorageError('too-large');
    const known = { ...record, length };
    await this.store.save(known);
    return { ...upload, record: known };
  }

  /** Takes the bytes, and makes it a file when they were the last. */
  async #advance(
    request: AuthorizedRequest,
    upload: Upload,
    chunk: Chunk | undefined,
    lock: UploadLock,
  ): Promise<Upload> {
    if (!chunk) return this.#completed(request, upload);
    const room = upload.state === 'finished' ? 0 : roomOf(upload.record.length, upload.offset, this.#limit);
    demandRoom(chunk, room);
    if (upload.state === 'finished') return upload;
    const received = await this.#receive(request, upload, chunk, room, lock);
    return this.#completed(request, received);
  }

  /** The body is asked for only here, when everything else about the request has been found right. */
  async #receive(
    request: AuthorizedRequest,
    { record, offset }: UnfinishedUpload,
    { checksum }: Chunk,
    room: number,
    lock: UploadLock,
  ): Promise<UnfinishedUpload> {
    const { unverifiedFrom, ...verified } = record;
    const file = await this.store.openBytes(record.id);
    try {
      // What came last under a checksum, before a crash, has never been held against it.
      if (unverifiedFrom !== undefined) await file.truncate(unverifiedFrom);
      if (checksum) await this.store.save({ ...verified, unverifiedFrom: offset });
      else if (unverifiedFrom !== undefined) await this.store.save(verified);
      try {
        await receiveBytes(file, request, { offset, room, checksum }, lock);
      } finally {
        // Nothing unverified is left, however it ended.
        if (checksum) await this.store.save(verified);
      }
    } finally {
      await file.close();
    }
    return { state: 'unfinished', record: verified, offset: offset + lock.received, lastByte: Date.now() };
  }

  async #completed(request: AuthorizedRequest, upload: Upload): Promise<Upload> {
    if (upload.state === 'finished') {
      if (upload.isUnseen) await this.store.finish(upload.record, upload.stored);
      return upload;
    }
    if (upload.offset !== upload.record.length) return upload;
    const stored = await this.#adopt(request, upload.record);
    await this.store.finish(upload.record, stored).catch((err: unknown) => {
      // The file is there, and without the record that is known too, but for its name.
      this.#logger.warn({ err }, 'could not remember that an upload is complete');
    });
    return { ...upload, state: 'finished', stored };
  }

  async #adopt(request: AuthorizedRequest, record: UploadRecord): Promise<StoredFile> {
    const { id, onConflict, digests, length } = record;
    const expectedDigests = fromBase64(digests);
    const options = { onConflict, length: length ?? 0, limit: this.#limit, expectedDigests };
    try {
      const staged = this.store.stagedContent(id);
      const { key, validators } = await this.changes.adopt(request, record.key, staged, options);
      return { key, etag: formatEntityTag(validators.etag) };
    } catch (error) {
      // Sending the same bytes again would be no use.
      if (error instanceof StorageError && error.reason === 'digest-mismatch') await this.store.remove(id);
      throw error;
    }
  }

  /** Begins the ids of one owner's uploads, so that they are counted by their names. */
  #prefixOf(request: AuthorizedRequest): string {
    const name = nameOf(request);
    const who = name === null ? `address ${this.clients.addressOf(request)}` : `user ${name}`;
    return `${hash('sha256', who).slice(0, 16)}-`;
  }
}

function nameOf({ principal }: AuthorizedRequest): string | null {
  return principal?.name ?? null;
}

/** How many bytes may still come. */
function roomOf(length: number | null, offset: number, limit = Infinity): number {
  return Math.min(length ?? Infinity, limit) - offset;
}

/** @throws StorageError too-large */
function demandRoom({ size = 0 }: Chunk, room: number): void {
  if (size > room) throw new StorageError('too-large');
}

function otherOffset(offset: number): ProblemError {
  return new ProblemError('upload-offset-mismatch', `The upload has ${offset} bytes; go on from there.`, {
    headers: { 'Upload-Offset': String(offset) },
    extensions: { offset },
  });
}

function toBase64(digests: Digests): UploadRecord['digests'] {
  const entries = Object.entries(digests).map(([name, digest]) => [
    name,
    Buffer.from(digest).toString('base64'),
  ]);
  return Object.fromEntries(entries) as UploadRecord['digests'];
}

function fromBase64(digests: UploadRecord['digests']): Digests {
  return Object.fromEntries(
    Object.entries(digests).map(([name, base64]) => [name, Buffer.from(base64, 'base64')]),
  );
}
