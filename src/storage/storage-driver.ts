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
  | { readonly kind: 'folder' };

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
  /** Resolves when the storage can be read at this moment. @throws StorageError with reason `unavailable`. */
  check(): Promise<void>;
}
