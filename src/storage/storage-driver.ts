import type { ByteSource } from '../core/bytes/index.js';
import type { Validators } from '../core/http/index.js';
import type { ObjectKey } from '../core/path/index.js';

/** Injection token of the {@link StorageDriver} in use. */
export const STORAGE_DRIVER = Symbol('StorageDriver');

/** What is known about an object without opening it. */
export type ObjectStat =
  | {
      readonly kind: 'file';
      readonly size: number;
      readonly mediaType: string;
      readonly validators: Validators;
    }
  | { readonly kind: 'folder'; readonly lastModified: number };

/** A file or folder as its folder lists it. */
export interface ListedObject {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  /** In bytes; 0 for a folder. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
}

/** One pinned version of a file: what happens to its name afterwards does not change what is read here. */
export interface StoredObject {
  readonly key: ObjectKey;
  /** Media type without parameters. */
  readonly mediaType: string;
  readonly validators: Validators;
  readonly source: ByteSource;
  /** Releases the version. Waits for reads under way; closing twice is harmless. */
  close(): Promise<void>;
}

/**
 * Where files are kept. Everything that is not an ordinary file or folder below the root, and everything hidden,
 * looks missing.
 */
export interface StorageDriver {
  /** @throws StorageError */
  stat(key: ObjectKey): Promise<ObjectStat>;
  /** Opens the current version of a file. @throws StorageError; reason `is-folder` for a folder. */
  open(key: ObjectKey): Promise<StoredObject>;
  /**
   * Everything in a folder that may be seen, in no particular order and in batches small enough to be looked at without
   * holding up anything else. Leaving the loop early stops the listing.
   * @throws StorageError; reason `is-file` for a file.
   */
  list(key: ObjectKey): AsyncIterable<readonly ListedObject[]>;
  /** Resolves when the storage can be read at this moment. @throws StorageError with reason `unavailable`. */
  check(): Promise<void>;
}
