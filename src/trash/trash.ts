import { Inject, Injectable } from '@nestjs/common';
import { AccessControl } from '../auth/access-control.js';
import type { AuthorizedRequest } from '../auth/principal.js';
import { Changes } from '../changes/changes.js';
import { AppConfig } from '../config/app-config.js';
import type { ObjectKey } from '../core/path/index.js';
import {
  STORAGE_DRIVER,
  type ChangeOptions,
  type Discarded,
  type DiscardedId,
  type StorageDriver,
} from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { ignoreMissing } from './ignore-missing.js';
import { toTrashEntry, type TrashEntry } from './trash-entry.js';

export interface DeleteOptions extends ChangeOptions {
  /** For good, not into the trash. */
  readonly permanent?: boolean | undefined;
}

/** A part of what is in the trash. */
export interface TrashPage {
  /** The latest first. */
  readonly discarded: readonly Discarded[];
  /** Whether there is more behind the last of them. */
  readonly isLast: boolean;
}

/** What is deleted goes here, and each sees of it what they may read where it stood. */
@Injectable()
export class Trash {
  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly changes: Changes,
    private readonly access: AccessControl,
    private readonly config: AppConfig,
  ) {}

  /** Whether what is deleted comes here; else it is gone at once. */
  get keeps(): boolean {
    return this.config.trashRetention > 0;
  }

  /**
   * Deletes a file or folder. Undefined when it is not in the trash, but gone, and when they may not read what it was.
   * @throws as {@link Changes.discard} and {@link Changes.remove}
   */
  async delete(
    request: AuthorizedRequest,
    key: ObjectKey,
    { permanent = false, ...options }: DeleteOptions = {},
  ): Promise<TrashEntry | undefined> {
    if (permanent || !this.keeps) {
      await this.changes.remove(request, key, options);
      return undefined;
    }
    const discarded = await this.changes.discard(request, key, options);
    return this.#isSeen(request, discarded) ? this.describe(request, discarded) : undefined;
  }

  /** @param before only what was deleted before this; @param limit how many at most. @throws StorageError */
  async page(request: AuthorizedRequest, before: DiscardedId | undefined, limit: number): Promise<TrashPage> {
    const found: Discarded[] = [];
    for await (const discarded of this.storage.discarded(before)) {
      if (!this.#isSeen(request, discarded)) continue;
      if (found.length === limit) return { discarded: found, isLast: false };
      found.push(discarded);
    }
    return { discarded: found, isLast: true };
  }

  /** @throws {StorageError} `missing`, also for what they may not read */
  async find(request: AuthorizedRequest, id: string): Promise<Discarded> {
    const discarded = await this.storage.findDiscarded(id);
    if (!this.#isSeen(request, discarded)) throw new StorageError('missing');
    return discarded;
  }

  /**
   * Removes for good all that they see and may delete, until the signal ends it.
   * @returns how many entries that were
   */
  async empty(request: AuthorizedRequest, signal: AbortSignal): Promise<number> {
    let removed = 0;
    for await (const discarded of this.storage.discarded()) {
      signal.throwIfAborted();
      const mayDelete = this.access.rulesNow(request).mayThroughout('delete', discarded.key);
      if (!mayDelete || !this.#isSeen(request, discarded)) continue;
      await this.changes.purge(request, discarded).then(() => removed++, ignoreMissing);
    }
    return removed;
  }

  /** As its reader is told of it. */
  describe(request: AuthorizedRequest, discarded: Discarded): TrashEntry {
    const isNamed = (request.principal?.name ?? null) !== null;
    return toTrashEntry(discarded, this.config.trashRetention, isNamed);
  }

  #isSeen(request: AuthorizedRequest, { key }: Discarded): boolean {
    return this.access.rulesNow(request).may('read', key);
  }
}
