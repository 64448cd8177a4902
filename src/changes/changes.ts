import { Inject, Injectable } from '@nestjs/common';
import { AccessControl } from '../auth/access-control.js';
import { Audit, type AuditEntry } from '../auth/audit.js';
import type { AuthorizedRequest } from '../auth/principal.js';
import { baseName, parentKey, type ObjectKey } from '../core/path/index.js';
import { isBreak, mediaTypeOf } from '../core/http/index.js';
import { ProblemError } from '../core/problem/index.js';
import { EventPublisher } from '../events/event-publisher.js';
import {
  STORAGE_DRIVER,
  type ChangeOptions,
  type CopyOptions,
  type Discarded,
  type ObjectStat,
  type Placed,
  type PlaceOptions,
  type StagedContent,
  type StorageDriver,
  type WriteOptions,
  type Written,
} from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';

/**
 * Told of every file that has got new content, and by which request. It is called after the answer is certain, and nobody
 * waits for it.
 */
export type WrittenListener = (written: Written, request: AuthorizedRequest) => void;

/**
 * What every change of what is stored goes through, whichever route asks for it: whether they may is found out, the
 * storage does it, and it is told of in the log and to who listens. Whoever may write and not delete makes new files,
 * and takes nobody's place.
 *
 * All reject as the storage does, with ProblemError or StorageError where they may not (`AccessControl.demand`), and
 * with what the content threw.
 */
@Injectable()
export class Changes {
  readonly #listeners = new Set<WrittenListener>();

  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly access: AccessControl,
    private readonly audit: Audit,
    private readonly events: EventPublisher,
  ) {}

  onWritten(listener: WrittenListener): void {
    this.#listeners.add(listener);
  }

  /**
   * Whether this may be written now, to be asked before a body is read.
   * @throws ProblemError, StorageError as {@link AccessControl.demand} has it
   */
  demandWrite(request: AuthorizedRequest, key: ObjectKey, { onConflict }: PlaceOptions = {}): void {
    this.access.demand(request, 'write', key);
    // The next free name is another name than the one that was asked for.
    if (onConflict === 'rename') this.access.demand(request, 'write', parentKey(key));
  }

  /** Whether a write would be begun now, for content that is received before it is written. @see StorageDriver.checkWrite */
  async checkWrite(request: AuthorizedRequest, key: ObjectKey, options: WriteOptions = {}): Promise<void> {
    this.demandWrite(request, key, options);
    await this.#allowed(request, key, options, (allowed) => this.storage.checkWrite(key, allowed));
  }

  /** @see StorageDriver.write */
  write(
    request: AuthorizedRequest,
    key: ObjectKey,
    content: AsyncIterable<Uint8Array>,
    options: WriteOptions = {},
  ): Promise<Written> {
    this.demandWrite(request, key, options);
    return this.#written(request, key, options, (allowed) => this.storage.write(key, content, allowed));
  }

  /** @see StorageDriver.adopt */
  adopt(
    request: AuthorizedRequest,
    key: ObjectKey,
    staged: StagedContent,
    options: WriteOptions = {},
  ): Promise<Written> {
    this.demandWrite(request, key, options);
    return this.#written(request, key, options, (allowed) => this.storage.adopt(key, staged, allowed));
  }

  /** @see StorageDriver.makeFolder */
  async makeFolder(request: AuthorizedRequest, key: ObjectKey): Promise<void> {
    this.access.demand(request, 'write', key);
    await this.#recorded(request, { action: 'make folder', path: key }, () => this.storage.makeFolder(key));
    await this.#tell(key, (stat) => this.events.created(key, stat));
  }

  /** Removes for good. @see StorageDriver.remove */
  async remove(request: AuthorizedRequest, key: ObjectKey, options: ChangeOptions = {}): Promise<void> {
    this.access.demand(request, 'delete', key, 'throughout');
    const { kind } = await this.storage.stat(key);
    await this.#recorded(request, { action: 'delete', path: key }, () => this.storage.remove(key, options));
    this.events.removed(key, kind);
  }

  /** Puts it into the trash. @see StorageDriver.discard */
  async discard(request: AuthorizedRequest, key: ObjectKey, options: ChangeOptions = {}): Promise<Discarded> {
    this.access.demand(request, 'delete', key, 'throughout');
    const by = request.principal?.name ?? null;
    const discarded = await this.#recorded(request, { action: 'discard', path: key }, () =>
      this.storage.discard(key, { ...options, by }),
    );
    this.events.removed(key, discarded.kind);
    return discarded;
  }

  /** As moving it from where it stood, but back there it may go without being read or deleted. @see StorageDriver.restore */
  async restore(
    request: AuthorizedRequest,
    { id, key }: Discarded,
    to: ObjectKey,
    options: CopyOptions = {},
  ): Promise<Placed> {
    if (to === key && options.onConflict !== 'rename') this.access.demand(request, 'write', to, 'throughout');
    else this.access.demandMove(request, key, to);
    this.demandWrite(request, to, options);
    const entry = { action: 'restore', path: key, target: to };
    const placed = await this.#placed(request, to, entry, options, (allowed) =>
      this.storage.restore(id, to, allowed),
    );
    await this.#tellPlaced(placed);
    return placed;
  }

  /** Removes it from the trash for good. @see StorageDriver.purge */
  async purge(request: AuthorizedRequest, { id, key }: Discarded): Promise<void> {
    this.access.demand(request, 'delete', key, 'throughout');
    await this.#recorded(request, { action: 'purge', path: key }, () => this.storage.purge(id));
  }

  /** @see StorageDriver.move */
  async move(
    request: AuthorizedRequest,
    from: ObjectKey,
    to: ObjectKey,
    options: CopyOptions = {},
  ): Promise<Placed> {
    this.access.demandMove(request, from, to);
    this.demandWrite(request, to, options);
    const entry = { action: 'move', path: from, target: to };
    const placed = await this.#placed(request, to, entry, options, (allowed) =>
      this.storage.move(from, to, allowed),
    );
    await this.#tell(placed.key, (stat) => this.events.moved(from, placed.key, stat, !placed.created));
    return placed;
  }

  /** @see StorageDriver.copy */
  async copy(
    request: AuthorizedRequest,
    from: ObjectKey,
    to: ObjectKey,
    options: CopyOptions = {},
  ): Promise<Placed> {
    this.access.demandCopy(request, from, to);
    this.demandWrite(request, to, options);
    const entry = { action: 'copy', path: from, target: to };
    const placed = await this.#placed(request, to, entry, options, (allowed) =>
      this.storage.copy(from, to, allowed),
    );
    await this.#tellPlaced(placed);
    return placed;
  }

  async #written(
    request: AuthorizedRequest,
    key: ObjectKey,
    options: WriteOptions,
    step: (allowed: WriteOptions) => Promise<Written>,
  ): Promise<Written> {
    const written = await this.#placed(request, key, { action: 'write', path: key }, options, step);
    const { size, validators, created } = written;
    const stat: ObjectStat = {
      kind: 'file',
      size,
      validators,
      mediaType: mediaTypeOf(baseName(written.key)),
    };
    if (created) this.events.created(written.key, stat);
    else this.events.changed(written.key, stat);
    for (const listener of this.#listeners) listener(written, request);
    return written;
  }

  #placed<Options extends PlaceOptions, Result extends Placed>(
    request: AuthorizedRequest,
    key: ObjectKey,
    entry: Omit<AuditEntry, 'outcome'>,
    options: Options,
    step: (allowed: Options) => Promise<Result>,
  ): Promise<Result> {
    return this.#allowed(request, key, options, (allowed) =>
      this.#recorded(request, entry, () => step(allowed)),
    );
  }

  /** Takes the place of a file only for who may delete it. The storage decides, so nothing can come between. */
  async #allowed<Options extends PlaceOptions, Result>(
    request: AuthorizedRequest,
    key: ObjectKey,
    options: Options,
    step: (allowed: Options) => Promise<Result>,
  ): Promise<Result> {
    const mayReplace = options.onConflict !== 'replace' || this.access.rulesNow(request).may('delete', key);
    const allowed = mayReplace ? options : { ...options, onConflict: 'fail' as const };
    try {
      return await step(allowed);
    } catch (error) {
      if (mayReplace || !(error instanceof StorageError) || error.reason !== 'exists') throw error;
      throw new ProblemError(
        'forbidden',
        'The name is taken, and to replace what has it takes the permission to delete.',
      );
    }
  }

  async #recorded<Result>(
    request: AuthorizedRequest,
    entry: Omit<AuditEntry, 'outcome'>,
    step: () => Promise<Result>,
  ): Promise<Result> {
    try {
      const result = await step();
      this.audit.record(request, { ...entry, outcome: 'done' });
      return result;
    } catch (error) {
      this.audit.record(request, { ...entry, outcome: 'failed', reason: reasonOf(error) });
      throw error;
    }
  }

  #tellPlaced({ key, created }: Placed): Promise<void> {
    return this.#tell(key, (stat) =>
      created ? this.events.created(key, stat) : this.events.changed(key, stat),
    );
  }

  /** What is at a key now is told with its state. Should it be gone again, whoever took it tells of that. */
  async #tell(key: ObjectKey, tell: (stat: ObjectStat) => void): Promise<void> {
    try {
      tell(await this.storage.stat(key));
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof StorageError) return error.reason;
  if (error instanceof ProblemError) return error.slug;
  return (error as Error).name === 'AbortError' || isBreak(error) ? 'aborted' : 'error';
}
