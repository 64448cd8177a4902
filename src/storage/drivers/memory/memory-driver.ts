import { MemorySource } from '../../../core/bytes/index.js';
import { mediaTypeOf } from '../../../core/http/index.js';
import { baseName, isHidden, parentKey, ROOT_KEY, type ObjectKey } from '../../../core/path/index.js';
import type {
  ChangeOptions,
  CopyOptions,
  Discarded,
  DiscardedId,
  DiscardOptions,
  ListedObject,
  ObjectStat,
  Placed,
  StagedContent,
  StorageDriver,
  StoredObject,
  WriteOptions,
  Written,
} from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { MemoryTrash } from './memory-trash.js';
import { MemoryTree, validatorsOf } from './memory-tree.js';
import { MemoryWriter } from './memory-writer.js';

/** Keeps files in memory: for tests of whatever stands on storage, and for small fixed sets of files. */
export class MemoryDriver implements StorageDriver {
  readonly #tree = new MemoryTree();
  readonly #writer: MemoryWriter;
  readonly #trash: MemoryTrash;

  constructor(private readonly options: { readonly hidden: boolean } = { hidden: false }) {
    this.#writer = new MemoryWriter(this.#tree, options.hidden);
    this.#trash = new MemoryTrash(this.#writer, options.hidden);
  }

  put(key: ObjectKey, bytes: Uint8Array, lastModified: number = Date.now()): void {
    this.#tree.put(key, bytes, lastModified);
  }

  delete(key: ObjectKey): void {
    this.#tree.files.delete(key);
  }

  /** Keeps bytes for `adopt`. */
  stage(bytes: Uint8Array): StagedContent {
    return this.#writer.stage(bytes);
  }

  async stat(key: ObjectKey): Promise<ObjectStat> {
    if (this.#tree.isFolder(key)) {
      if (!this.options.hidden && isHidden(key)) throw new StorageError('missing');
      return { kind: 'folder', lastModified: this.#tree.newest(key) };
    }
    const { mediaType, validators, source } = await this.open(key);
    return { kind: 'file', size: source.size, mediaType, validators };
  }

  open(key: ObjectKey): Promise<StoredObject> {
    const version = this.#tree.files.get(key);
    const hidden = !this.options.hidden && isHidden(key);
    if (!hidden && this.#tree.isFolder(key)) return Promise.reject(new StorageError('is-folder'));
    if (hidden || !version) return Promise.reject(new StorageError('missing'));
    return Promise.resolve({
      key,
      mediaType: mediaTypeOf(baseName(key)),
      validators: validatorsOf(version),
      source: new MemorySource(version.bytes),
      close: () => Promise.resolve(),
    });
  }

  async *list(key: ObjectKey): AsyncGenerator<ListedObject[]> {
    if (!this.#tree.isFolder(key)) {
      await this.open(key);
      throw new StorageError('is-file');
    }
    const found: ListedObject[] = [];
    for (const child of this.#tree.entries()) {
      if (child === ROOT_KEY || parentKey(child) !== key) continue;
      const name = baseName(child);
      if (!this.options.hidden && isHidden(name)) continue;
      const file = this.#tree.files.get(child);
      found.push(
        file
          ? { name, kind: 'file', size: file.bytes.length, lastModified: file.lastModified }
          : { name, kind: 'folder', size: 0, lastModified: this.#tree.newest(child) },
      );
    }
    yield found;
  }

  check(): Promise<void> {
    return Promise.resolve();
  }

  write(key: ObjectKey, content: AsyncIterable<Uint8Array>, options?: WriteOptions): Promise<Written> {
    return this.#writer.write(key, content, options);
  }

  checkWrite(key: ObjectKey, options?: WriteOptions): Promise<void> {
    return this.#writer.checkWrite(key, options);
  }

  adopt(key: ObjectKey, staged: StagedContent, options?: WriteOptions): Promise<Written> {
    return this.#writer.adopt(key, staged, options);
  }

  makeFolder(key: ObjectKey): Promise<void> {
    return this.#writer.makeFolder(key);
  }

  remove(key: ObjectKey, options?: ChangeOptions): Promise<void> {
    return this.#writer.remove(key, options);
  }

  move(from: ObjectKey, to: ObjectKey, options?: CopyOptions): Promise<Placed> {
    return this.#writer.move(from, to, options);
  }

  copy(from: ObjectKey, to: ObjectKey, options?: CopyOptions): Promise<Placed> {
    return this.#writer.copy(from, to, options);
  }

  discard(key: ObjectKey, options?: DiscardOptions): Promise<Discarded> {
    return this.#trash.discard(key, options);
  }

  discarded(before?: DiscardedId): AsyncIterable<Discarded> {
    return this.#trash.discarded(before);
  }

  findDiscarded(id: string): Promise<Discarded> {
    return this.#trash.findDiscarded(id);
  }

  restore(id: DiscardedId, to: ObjectKey, options?: CopyOptions): Promise<Placed> {
    return this.#trash.restore(id, to, options);
  }

  purge(id: DiscardedId): Promise<void> {
    return this.#trash.purge(id);
  }

  /** Nothing of a crash is left in memory. */
  recover(): Promise<number> {
    return Promise.resolve(0);
  }
}
