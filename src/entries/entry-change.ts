import { Inject, Injectable } from '@nestjs/common';
import { AccessControl } from '../auth/access-control.js';
import type { AuthorizedRequest } from '../auth/principal.js';
import { toEntry, type Entry } from '../browse/entry.js';
import { Changes } from '../changes/changes.js';
import type { ObjectKey } from '../core/path/index.js';
import { settledStat } from '../storage/settled-stat.js';
import {
  STORAGE_DRIVER,
  type CopyOptions,
  type ObjectStat,
  type Placed,
  type StorageDriver,
} from '../storage/storage-driver.js';

/** An entry that has come to be where it is. */
export interface ChangedEntry {
  readonly key: ObjectKey;
  /** Whether there was nothing before where it is now. */
  readonly created: boolean;
  readonly entry: Entry;
}

/** Changes of entries, answered by the entries as they are then. All reject as {@link Changes} does. */
@Injectable()
export class EntryChange {
  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly changes: Changes,
    private readonly access: AccessControl,
  ) {}

  async move(
    request: AuthorizedRequest,
    from: ObjectKey,
    to: ObjectKey,
    options: CopyOptions,
  ): Promise<ChangedEntry> {
    return this.#describe(request, await this.changes.move(request, from, to, options));
  }

  async copy(
    request: AuthorizedRequest,
    from: ObjectKey,
    to: ObjectKey,
    options: CopyOptions,
  ): Promise<ChangedEntry> {
    return this.#describe(request, await this.changes.copy(request, from, to, options));
  }

  async makeFolder(request: AuthorizedRequest, key: ObjectKey): Promise<ChangedEntry> {
    await this.changes.makeFolder(request, key);
    return this.#describe(request, { key, created: true });
  }

  /** The same with a tag that may be sent back. What has gone since is told as it was. */
  async settle(request: AuthorizedRequest, changed: ChangedEntry): Promise<ChangedEntry> {
    const { key } = changed;
    const stat = await settledStat(this.storage, key).catch(() => undefined);
    return stat ? { ...changed, entry: this.#toEntry(request, key, stat) } : changed;
  }

  async #describe(request: AuthorizedRequest, { key, created }: Placed): Promise<ChangedEntry> {
    return { key, created, entry: this.#toEntry(request, key, await this.storage.stat(key)) };
  }

  #toEntry(request: AuthorizedRequest, key: ObjectKey, stat: ObjectStat): Entry {
    return toEntry(key, stat, this.access.rulesNow(request));
  }
}
