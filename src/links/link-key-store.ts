import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { Accounts } from '../auth/accounts.js';
import { AppConfig } from '../config/app-config.js';
import { LinkKeys } from '../core/link/index.js';
import { STATE_FOLDERS, type StateFolders } from '../storage/state-folders.js';
import { StorageError } from '../storage/storage-error.js';
import { writeStateFile } from '../storage/write-state-file.js';
import { existingLinksFolder, LINKS_FOLDER } from './links-folder.js';

const FILE = 'key';
/** Of the key that is made here, in bytes: as long as what SHA-256 gives (RFC 2104 §3). */
const LENGTH = 32;

/** The keys that links are signed with: those of the settings, or one that is made when it is first needed. */
@Injectable()
export class LinkKeyStore {
  #keys: LinkKeys | undefined;

  constructor(
    private readonly accounts: Accounts,
    @Inject(STATE_FOLDERS) private readonly folders: StateFolders,
    { linkKey }: AppConfig,
  ) {
    if (linkKey.length > 0) this.#keys = this.#from(linkKey.map((secret) => Buffer.from(secret)));
  }

  /** Undefined as long as no link can have been made. @throws StorageError */
  async existing(): Promise<LinkKeys | undefined> {
    if (this.#keys) return this.#keys;
    const folder = await existingLinksFolder(this.folders);
    const key = folder === undefined ? undefined : await readKey(folder);
    return key && (this.#keys = this.#from([key]));
  }

  /** @throws StorageError where the server may write nowhere */
  async made(): Promise<LinkKeys> {
    const existing = await this.existing();
    if (existing) return existing;
    const folder = await this.folders.stateFolder(LINKS_FOLDER);
    try {
      // Another server with the same state folder may be as fast: then its key is everybody's.
      await writeStateFile(folder, FILE, randomBytes(LENGTH), true);
    } catch (error) {
      throw new StorageError('denied', error);
    }
    const key = await readKey(folder);
    if (!key) throw new StorageError('unavailable', new Error('the key for links has gone'));
    return (this.#keys = this.#from([key]));
  }

  #from(secrets: readonly Uint8Array[]): LinkKeys {
    return new LinkKeys(secrets, this.accounts.names);
  }
}

async function readKey(folder: string): Promise<Uint8Array | undefined> {
  try {
    const key = await readFile(path.join(folder, FILE));
    if (key.length === LENGTH) return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StorageError('unavailable', error);
  }
  throw new StorageError(
    'unavailable',
    new Error('the key for links is not whole; remove it to have a new one made'),
  );
}
