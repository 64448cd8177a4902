import { lstat, readdir, readFile, unlink } from 'node:fs/promises';
import path from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { BoundedCache } from '../core/cache/index.js';
import { STATE_FOLDERS, type StateFolders } from '../storage/state-folders.js';
import { StorageError } from '../storage/storage-error.js';
import { removeAbandoned, removeStateFile, writeStateFile } from '../storage/write-state-file.js';
import { parseRecord, printRecord, type LinkRecord } from './link-record.js';
import { existingLinksFolder, LINKS_FOLDER } from './links-folder.js';

/** Records at a time, of all makers together: some 300 bytes of memory each. */
export const MOST_RECORDS = 10_000;

const SUFFIX = '.json';
/** Files read together. */
const AT_ONCE = 32;
/** How long a record that was seen is believed to be there, in milliseconds: another server may have revoked it. */
const BELIEVED = 1000;

/**
 * The records of live links: a file each, which is written once and removed when the link is revoked or has expired. So
 * several servers may share a state folder, and nothing is ever rewritten.
 */
@Injectable()
export class LinkRecords {
  #known: ReadonlyMap<string, LinkRecord> = new Map();
  readonly #seen = new BoundedCache<number>(MOST_RECORDS);
  #last: Promise<unknown> = Promise.resolve();

  constructor(@Inject(STATE_FOLDERS) private readonly folders: StateFolders) {}

  /** Whether the link of this id has been neither revoked nor forgotten. @throws StorageError */
  async isKept(id: string): Promise<boolean> {
    if (Date.now() - (this.#seen.get(id) ?? 0) < BELIEVED) return true;
    const folder = await existingLinksFolder(this.folders);
    const isThere =
      folder !== undefined &&
      (await lstat(path.join(folder, id + SUFFIX)).then(
        () => true,
        (error: unknown) => asMissing(error, false),
      ));
    if (isThere) this.#seen.set(id, Date.now(), 1);
    return isThere;
  }

  /** The record of a link, expired or not. @throws StorageError */
  async find(id: string): Promise<LinkRecord | undefined> {
    const folder = await existingLinksFolder(this.folders);
    return folder === undefined ? undefined : readRecord(folder, id);
  }

  /**
   * @param admit told the live records, to refuse one more by throwing
   * @throws StorageError; what `admit` throws
   */
  async add(record: LinkRecord, admit: (live: readonly LinkRecord[]) => void): Promise<void> {
    await this.#inTurn(async () => {
      const folder = await this.folders.stateFolder(LINKS_FOLDER);
      admit(await this.#refresh(folder));
      try {
        await writeStateFile(folder, record.id + SUFFIX, printRecord(record));
      } catch (error) {
        throw toStorageError(error);
      }
    });
  }

  /** @returns whether there was one. @throws StorageError */
  async remove(id: string): Promise<boolean> {
    const folder = await existingLinksFolder(this.folders);
    this.#seen.delete(id);
    if (folder === undefined) return false;
    try {
      return await removeStateFile(folder, id + SUFFIX);
    } catch (error) {
      throw toStorageError(error);
    } finally {
      this.#seen.delete(id);
    }
  }

  /** Those that have not expired, the newest first. @throws StorageError */
  async live(): Promise<readonly LinkRecord[]> {
    const folder = await existingLinksFolder(this.folders);
    return folder === undefined ? [] : this.#inTurn(() => this.#refresh(folder));
  }

  /** One at a time: what is counted is what is there when the next is written. */
  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#last.then(step);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Reads what is new, forgets what has gone, removes what has expired. Records never change, so each is read once. */
  async #refresh(folder: string): Promise<LinkRecord[]> {
    const names = await readdir(folder).catch((error: unknown) => asMissing(error, [] as string[]));
    const now = Math.floor(Date.now() / 1000);
    const ids = names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
    const known = new Map<string, LinkRecord>();
    for (let start = 0; start < Math.min(ids.length, MOST_RECORDS); start += AT_ONCE) {
      const batch = ids.slice(start, Math.min(start + AT_ONCE, MOST_RECORDS));
      const records = await Promise.all(
        batch.map(async (id) => this.#known.get(id) ?? readRecord(folder, id)),
      );
      for (const record of records) {
        if (record && record.expires > now) known.set(record.id, record);
        else if (record) await unlink(path.join(folder, record.id + SUFFIX)).catch(() => undefined);
      }
    }
    this.#known = known;
    await removeAbandoned(folder, names);
    return [...known.values()].sort((a, b) => b.created - a.created || (a.id < b.id ? -1 : 1));
  }
}

/** Undefined for what is no record of this id. */
async function readRecord(folder: string, id: string): Promise<LinkRecord | undefined> {
  const text = await readFile(path.join(folder, id + SUFFIX), 'utf8').catch((error: unknown) =>
    asMissing(error, ''),
  );
  const record = parseRecord(text);
  return record?.id === id ? record : undefined;
}

function asMissing<T>(error: unknown, instead: T): T {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return instead;
  throw toStorageError(error);
}

function toStorageError(error: unknown): StorageError {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new StorageError('full', error);
  return new StorageError(['EACCES', 'EPERM', 'EROFS'].includes(code) ? 'denied' : 'unavailable', error);
}
