import { constants } from 'node:fs';
import { open, readdir, readFile, stat, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { codeOf, toWriteError } from '../storage/drivers/local-disk/write-error.js';
import { STATE_FOLDERS, type StateFolders } from '../storage/state-folders.js';
import type { StagedContent } from '../storage/storage-driver.js';
import { removeAbandoned, writeStateFile } from '../storage/write-state-file.js';
import type { StoredFile, UnfinishedUpload, Upload, UploadRecord } from './upload.js';

/** Folders of the state folder: `ID` has the bytes of an upload, `ID.json` the rest. */
const UNFINISHED = 'uploads';
/** `ID.json`, of uploads that have become files: for clients that have not heard of it. */
const FINISHED = 'finished-uploads';

const ID = /^[0-9a-f]{16}-[0-9a-f]{32}$/;
const FILE = /^([0-9a-f]{16}-[0-9a-f]{32})(?:\.json)?$/;

/** Milliseconds. Bytes without a record are those of an upload that is just being made, or that a crash has left. */
const ORPHANED = 60 * 60_000;

/**
 * Uploads on disk, and nothing in memory: they survive whatever happens to the server, and several servers may share
 * them. A record is replaced in one step, and flushed; how many bytes have arrived is what is really there.
 *
 * All methods reject with StorageError.
 */
@Injectable()
export class UploadStore {
  constructor(@Inject(STATE_FOLDERS) private readonly folders: StateFolders) {}

  /** What `StorageDriver.adopt` knows the bytes by. */
  stagedContent(id: string): StagedContent {
    return `${UNFINISHED}/${id}` as StagedContent;
  }

  create(record: UploadRecord): Promise<UnfinishedUpload> {
    return translated(async () => {
      const folder = await this.folders.stateFolder(UNFINISHED);
      // A record without bytes is that of a file which has got its name: so the bytes come first.
      const file = await open(path.join(folder, record.id), 'wx', 0o600);
      await file.close();
      await writeRecord(folder, record);
      return { state: 'unfinished', record, offset: 0, lastByte: Date.now() };
    });
  }

  /** Replaces what is remembered of an unfinished upload. */
  save(record: UploadRecord): Promise<void> {
    return translated(async () => {
      await writeRecord(await this.folders.stateFolder(UNFINISHED), record);
    });
  }

  /** Undefined for an id that is none, too. */
  find(id: string): Promise<Upload | undefined> {
    return translated(async () => {
      if (!ID.test(id)) return undefined;
      const folder = await this.folders.existingStateFolder(UNFINISHED);
      if (folder === undefined) return undefined;
      const record = await readRecord(folder, id);
      const bytes = record && (await lookAt(path.join(folder, id)));
      // Bytes with a second name have become a file; a crash has left the first.
      if (record && bytes?.nlink === 1) {
        const offset = Math.min(bytes.size, record.unverifiedFrom ?? bytes.size);
        return { state: 'unfinished', record, offset, lastByte: bytes.mtimeMs };
      }
      return (await this.#findFinished(id)) ?? (record && finishedUnseen(record));
    });
  }

  /** The bytes of an unfinished upload. Whoever opens them closes them. */
  openBytes(id: string): Promise<FileHandle> {
    return translated(async () => {
      const folder = await this.folders.stateFolder(UNFINISHED);
      return open(path.join(folder, id), constants.O_RDWR | constants.O_NOFOLLOW);
    });
  }

  /** Remembers what has become of an upload whose bytes have been adopted. */
  finish(record: UploadRecord, stored: StoredFile | undefined): Promise<void> {
    return translated(async () => {
      const known = stored === undefined ? record : { ...record, stored };
      await writeRecord(await this.folders.stateFolder(FINISHED), known);
      const folder = await this.folders.stateFolder(UNFINISHED);
      for (const name of [`${record.id}.json`, record.id]) await removeFile(folder, name);
    });
  }

  /** Forgets an upload, with the bytes that have arrived. A file that it has become stays. */
  remove(id: string): Promise<void> {
    return translated(async () => {
      for (const name of [UNFINISHED, FINISHED]) {
        const folder = await this.folders.existingStateFolder(name);
        if (folder === undefined) continue;
        // The record first: without its bytes it would tell of a file.
        for (const file of [`${id}.json`, id]) await removeFile(folder, file);
      }
    });
  }

  /** The ids of unfinished uploads that begin with this. */
  idsOf(prefix: string): Promise<string[]> {
    return translated(async () => {
      const folder = await this.folders.existingStateFolder(UNFINISHED);
      const names = folder === undefined ? [] : await readdir(folder);
      return names
        .filter((name) => name.startsWith(prefix) && name.endsWith('.json'))
        .map((name) => name.slice(0, -5));
    });
  }

  /** The ids of what has not been touched since then, in milliseconds since the epoch; finished ones too. */
  idsBefore(time: number): Promise<string[]> {
    return translated(async () => {
      const old: string[] = [];
      for (const [folder, names] of await this.#listed()) old.push(...(await idsBefore(folder, names, time)));
      return old;
    });
  }

  /** Removes the records that a crash has kept from being complete. */
  removeAbandoned(): Promise<void> {
    return translated(async () => {
      for (const [folder, names] of await this.#listed()) await removeAbandoned(folder, names);
    });
  }

  async #listed(): Promise<Map<string, readonly string[]>> {
    const listed = new Map<string, readonly string[]>();
    for (const name of [UNFINISHED, FINISHED]) {
      const folder = await this.folders.existingStateFolder(name);
      if (folder !== undefined) listed.set(folder, await readdir(folder));
    }
    return listed;
  }

  async #findFinished(id: string): Promise<Upload | undefined> {
    const folder = await this.folders.existingStateFolder(FINISHED);
    const record = folder === undefined ? undefined : await readRecord(folder, id);
    return record && { state: 'finished', record, offset: record.length ?? 0, stored: record.stored };
  }
}

/** The bytes have got their name, and then came a crash: which name that is, is certain unless it was the next free one. */
function finishedUnseen(record: UploadRecord): Upload {
  const stored = record.onConflict === 'rename' ? undefined : { key: record.key };
  return { state: 'finished', record, offset: record.length ?? 0, stored, isUnseen: true };
}

async function idsBefore(folder: string, listed: readonly string[], time: number): Promise<string[]> {
  const names = new Set(listed);
  const old: string[] = [];
  for (const name of names) {
    const [, id] = FILE.exec(name) ?? [];
    // Where there are bytes, they tell the time.
    if (!id || (name !== id && names.has(id))) continue;
    const isOrphan = name === id && !names.has(`${id}.json`);
    const stats = await lookAt(path.join(folder, name));
    if (stats && stats.mtimeMs < Math.max(time, isOrphan ? Date.now() - ORPHANED : 0)) old.push(id);
  }
  return old;
}

async function writeRecord(folder: string, record: UploadRecord): Promise<void> {
  await writeStateFile(folder, `${record.id}.json`, JSON.stringify(record));
}

async function readRecord(folder: string, id: string): Promise<UploadRecord | undefined> {
  const text = await unlessMissing(readFile(path.join(folder, `${id}.json`), 'utf8'));
  return text === undefined ? undefined : (JSON.parse(text) as UploadRecord);
}

function lookAt(file: string) {
  return unlessMissing(stat(file));
}

async function removeFile(folder: string, name: string): Promise<void> {
  await unlessMissing(unlink(path.join(folder, name)));
}

async function unlessMissing<T>(step: Promise<T>): Promise<T | undefined> {
  try {
    return await step;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function translated<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw toWriteError(error);
  }
}
