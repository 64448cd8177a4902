import { MemorySource } from '../../../core/bytes/index.js';
import { mediaTypeOf } from '../../../core/http/index.js';
import { baseName, isHidden, ROOT_KEY, type ObjectKey } from '../../../core/path/index.js';
import type { ListedObject, ObjectStat, StorageDriver, StoredObject } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';

interface Version {
  readonly bytes: Uint8Array;
  readonly lastModified: number;
  readonly number: number;
}

/** Keeps files in memory: for tests of whatever stands on storage, and for small fixed sets of files. */
export class MemoryDriver implements StorageDriver {
  readonly #files = new Map<string, Version>();
  #versions = 0;

  constructor(private readonly options: { readonly hidden: boolean } = { hidden: false }) {}

  put(key: ObjectKey, bytes: Uint8Array, lastModified: number = Date.now()): void {
    this.#files.set(key, { bytes, lastModified, number: ++this.#versions });
  }

  delete(key: ObjectKey): void {
    this.#files.delete(key);
  }

  async stat(key: ObjectKey): Promise<ObjectStat> {
    if (this.#isFolder(key)) {
      if (!this.options.hidden && isHidden(key)) throw new StorageError('missing');
      return { kind: 'folder', lastModified: this.#newest(key) };
    }
    const { mediaType, validators, source } = await this.open(key);
    return { kind: 'file', size: source.size, mediaType, validators };
  }

  open(key: ObjectKey): Promise<StoredObject> {
    const version = this.#files.get(key);
    const hidden = !this.options.hidden && isHidden(key);
    if (!hidden && this.#isFolder(key)) return Promise.reject(new StorageError('is-folder'));
    if (hidden || !version) return Promise.reject(new StorageError('missing'));
    return Promise.resolve({
      key,
      mediaType: mediaTypeOf(baseName(key)),
      validators: {
        etag: { weak: false, opaque: `m${version.number}` },
        lastModified: version.lastModified,
      },
      source: new MemorySource(version.bytes),
      close: () => Promise.resolve(),
    });
  }

  async *list(key: ObjectKey): AsyncGenerator<ListedObject[]> {
    if (!this.#isFolder(key)) {
      await this.open(key);
      throw new StorageError('is-file');
    }
    const prefix = key === ROOT_KEY ? '' : `${key}/`;
    const found = new Map<string, ListedObject>();
    for (const [file, { bytes, lastModified }] of this.#files) {
      if (!file.startsWith(prefix)) continue;
      const [name, ...deeper] = file.slice(prefix.length).split('/') as [string, ...string[]];
      if (!this.options.hidden && isHidden(name)) continue;
      const child = (prefix + name) as ObjectKey;
      found.set(
        name,
        deeper.length > 0
          ? { name, kind: 'folder', size: 0, lastModified: this.#newest(child) }
          : { name, kind: 'file', size: bytes.length, lastModified },
      );
    }
    yield [...found.values()];
  }

  check(): Promise<void> {
    return Promise.resolve();
  }

  /** When the newest file below a folder was put there. */
  #newest(key: ObjectKey): number {
    const below = [...this.#files].filter(([file]) => key === ROOT_KEY || file.startsWith(`${key}/`));
    return Math.max(0, ...below.map(([, { lastModified }]) => lastModified));
  }

  #isFolder(key: ObjectKey): boolean {
    if (key === ROOT_KEY) return true;
    return [...this.#files.keys()].some((file) => file.startsWith(`${key}/`));
  }
}
