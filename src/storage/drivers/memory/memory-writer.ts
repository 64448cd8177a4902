import {
  baseName,
  isHidden,
  numberedName,
  parentKey,
  ROOT_KEY,
  type ObjectKey,
} from '../../../core/path/index.js';
import { checkConditions } from '../../check-conditions.js';
import { DigestComputation } from '../../digests.js';
import { ContentError, readContent } from '../../read-content.js';
import type {
  ChangeOptions,
  CopyOptions,
  PlaceOptions,
  Placed,
  StagedContent,
  WriteConditions,
  WriteOptions,
  Written,
} from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { validatorsOf, type MemoryTree, type Version } from './memory-tree.js';

/** In bytes, as the file systems in use keep names. */
const LONGEST_NAME = 255;

/** What stood in a place, by the rest of its path below that: a version of a file, or a folder. */
export type Taken = ReadonlyMap<string, Version | undefined>;

/** The half of the memory driver that changes what is there. Each change is made in one turn of the event loop. */
export class MemoryWriter {
  readonly #staged = new Map<StagedContent, Uint8Array>();

  constructor(
    private readonly tree: MemoryTree,
    private readonly hidden: boolean,
  ) {}

  stage(bytes: Uint8Array): StagedContent {
    const staged = `staged/${this.#staged.size}` as StagedContent;
    this.#staged.set(staged, bytes);
    return staged;
  }

  async write(
    key: ObjectKey,
    content: AsyncIterable<Uint8Array>,
    options: WriteOptions = {},
  ): Promise<Written> {
    const { length, limit = Infinity, conditions } = options;
    await this.checkWrite(key, options);
    const digests = new DigestComputation(options.expectedDigests, options.wantedDigests);
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of readContent(content, options.signal)) {
        size += chunk.length;
        if (size > limit) throw new StorageError('too-large');
        if (size > (length ?? size)) throw new StorageError('length-mismatch');
        digests.update(chunk);
        chunks.push(Uint8Array.from(chunk));
      }
    } catch (error) {
      throw error instanceof ContentError ? error.cause : error;
    }
    if (size !== (length ?? size)) throw new StorageError('length-mismatch');
    const computed = digests.finish();
    options.signal?.throwIfAborted();
    this.#check(key, conditions);
    const placed = this.#place(key, 'file', options);
    const version = this.tree.put(placed.key, Buffer.concat(chunks), Date.now());
    return { ...placed, size, digests: computed, validators: validatorsOf(version) };
  }

  async checkWrite(key: ObjectKey, options: WriteOptions = {}): Promise<void> {
    const { length = 0, limit = Infinity, conditions } = options;
    if (length > limit) throw new StorageError('too-large');
    this.#check(key, conditions);
    this.#place(key, 'file', options);
  }

  async adopt(key: ObjectKey, staged: StagedContent, options?: WriteOptions): Promise<Written> {
    const bytes = this.#staged.get(staged);
    if (!bytes) throw new StorageError('missing');
    async function* content() {
      yield bytes!;
    }
    const written = await this.write(key, content(), options);
    this.#staged.delete(staged);
    return written;
  }

  async makeFolder(key: ObjectKey): Promise<void> {
    this.#place(key, 'folder', {});
    this.tree.folders.add(key);
  }

  async remove(key: ObjectKey, { conditions, signal }: ChangeOptions = {}): Promise<void> {
    const entries = this.#source(key, conditions);
    signal?.throwIfAborted();
    this.#keepParent(key);
    for (const entry of entries) this.#forget(entry);
  }

  async move(from: ObjectKey, to: ObjectKey, options: CopyOptions = {}): Promise<Placed> {
    const entries = this.#source(from, options.conditions);
    if (from === to && options.onConflict === 'replace') return { key: to, created: false };
    const placed = this.#transfer(entries, from, to, options);
    this.#keepParent(from);
    for (const entry of entries) this.#forget(entry);
    return placed;
  }

  async copy(from: ObjectKey, to: ObjectKey, options: CopyOptions = {}): Promise<Placed> {
    const entries = this.#source(from, options.conditions).filter((entry) => this.hidden || !isHidden(entry));
    const placed = this.#transfer(entries, from, to, options);
    const sizes = entries.map((entry) => this.tree.files.get(entry)?.bytes.length ?? 0);
    options.onProgress?.(sizes.reduce((sum, size) => sum + size, 0));
    return placed;
  }

  /** Takes an entry, with everything in it, out of the tree. @throws StorageError */
  take(key: ObjectKey, { conditions, signal }: ChangeOptions): Taken {
    const entries = this.#source(key, conditions);
    signal?.throwIfAborted();
    const taken = entries.map((entry): [string, Version | undefined] => [
      entry.slice(key.length),
      this.tree.files.get(entry),
    ]);
    this.#keepParent(key);
    for (const entry of entries) this.#forget(entry);
    return new Map(taken);
  }

  /** Puts what was taken into the tree again. @throws StorageError */
  give(taken: Taken, to: ObjectKey, options: CopyOptions): Placed {
    options.signal?.throwIfAborted();
    const placed = this.#place(to, taken.get('') ? 'file' : 'folder', options);
    for (const [suffix, file] of taken) {
      const key = (placed.key + suffix) as ObjectKey;
      if (file) this.tree.put(key, file.bytes, file.lastModified);
      else this.tree.folders.add(key);
    }
    return placed;
  }

  /** Gives copies of entries their new keys. */
  #transfer(entries: readonly ObjectKey[], from: ObjectKey, to: ObjectKey, options: CopyOptions): Placed {
    options.signal?.throwIfAborted();
    const isFile = this.tree.files.has(from);
    if (!isFile && `${to}/`.startsWith(`${from}/`) && to !== from) throw new StorageError('into-itself');
    const placed = this.#place(to, isFile ? 'file' : 'folder', options);
    for (const entry of entries) {
      const key = (placed.key + entry.slice(from.length)) as ObjectKey;
      const file = this.tree.files.get(entry);
      if (file) this.tree.put(key, file.bytes, file.lastModified);
      else this.tree.folders.add(key);
    }
    return placed;
  }

  /** The entry itself and everything in it. @throws {StorageError} `missing`, `denied`, `precondition-failed` */
  #source(key: ObjectKey, conditions: WriteConditions | undefined): ObjectKey[] {
    if (key === ROOT_KEY) throw new StorageError('denied');
    const isThere = this.tree.files.has(key) || this.tree.isFolder(key);
    if (!isThere || (!this.hidden && isHidden(key))) throw new StorageError('missing');
    this.#check(key, conditions);
    return [key, ...this.tree.below(key)];
  }

  /** Where a new entry goes. @throws StorageError */
  #place(key: ObjectKey, kind: 'file' | 'folder', { onConflict = 'fail' }: PlaceOptions): Placed {
    const isTooLong = key.split('/').some((name) => Buffer.byteLength(name) > LONGEST_NAME);
    if (isTooLong || (!this.hidden && isHidden(key))) throw new StorageError('bad-name');
    for (let above = parentKey(key); above !== ROOT_KEY; above = parentKey(above)) {
      if (this.tree.files.has(above)) throw new StorageError('parent-is-file');
    }
    const isTaken = (other: ObjectKey) => this.tree.files.has(other) || this.tree.isFolder(other);
    if (!isTaken(key)) return { key, created: true };
    if (onConflict === 'replace' && kind === 'file' && this.tree.files.has(key))
      return { key, created: false };
    if (onConflict !== 'rename' || key === ROOT_KEY) throw new StorageError('exists');
    for (let number = 1; ; number++) {
      const name = numberedName(baseName(key), number, kind);
      const other = (parentKey(key) === ROOT_KEY ? name : `${parentKey(key)}/${name}`) as ObjectKey;
      if (!isTaken(other)) return { key: other, created: true };
    }
  }

  #check(key: ObjectKey, conditions: WriteConditions | undefined): void {
    const version = this.tree.files.get(key);
    checkConditions(conditions, version && validatorsOf(version));
  }

  /** A folder does not vanish with what is in it. */
  #keepParent(key: ObjectKey): void {
    this.tree.folders.add(parentKey(key));
  }

  #forget(key: ObjectKey): void {
    this.tree.files.delete(key);
    this.tree.folders.delete(key);
  }
}
