import { MemorySource } from '../../../core/bytes/index.js';
import { mediaTypeOf } from '../../../core/http/index.js';
import { baseName, isHidden, ROOT_KEY, type ObjectKey } from '../../../core/path/index.js';
import type { ObjectStat, StorageDriver, StoredObject } from '../../storage-driver.js';
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
    if (this.#isFolder(key)) return { kind: 'folder' };
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

  check(): Promise<void> {
    return Promise.resolve();
  }

  #isFolder(key: ObjectKey): boolean {
    if (key === ROOT_KEY) return true;
    return [...this.#files.keys()].some((file) => file.startsWith(`${key}/`));
  }
}
