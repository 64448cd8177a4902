import type { FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../core/bytes/index.js';
import type { DigestAlgorithm, Digests, RequestConditions, Validators } from '../core/http/index.js';
import type { ObjectKey } from '../core/path/index.js';
import type { StorageError } from './storage-error.js';

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
  /** What a link leads to; absent on what is no link. Whoever walks into folders finds by it that links go in a circle. */
  readonly target?: ObjectKey;
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

/** The preconditions that mean something before a change (RFC 9110 §13.1). */
export type WriteConditions = Pick<RequestConditions, 'ifMatch' | 'ifNoneMatch' | 'ifUnmodifiedSince'>;

/**
 * What becomes of a name that is taken: the change is refused (reason `exists`), gets the next free name
 * (`film (1).mp4`), or a file takes the place of a file. A folder never takes a place, and nothing takes a folder's.
 */
export type ConflictPolicy = 'fail' | 'rename' | 'replace';

export interface ChangeOptions {
  /** Hold for the file that is there when the change is made; nothing can come between. */
  readonly conditions?: WriteConditions | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PlaceOptions extends ChangeOptions {
  /** `fail` by default. */
  readonly onConflict?: ConflictPolicy | undefined;
}

export interface WriteOptions extends PlaceOptions {
  /** May be told of each piece of the content that is not needed any more, so that its memory can be used for something else. */
  readonly release?: ((piece: Uint8Array) => void) | undefined;
  /** How many bytes there must be. */
  readonly length?: number | undefined;
  /** How many bytes there may be. */
  readonly limit?: number | undefined;
  /** What the digests must be. */
  readonly expectedDigests?: Digests | undefined;
  /** Which digests to compute besides. */
  readonly wantedDigests?: readonly DigestAlgorithm[] | undefined;
}

export interface CopyOptions extends PlaceOptions {
  /** Told how many bytes are copied by now. */
  readonly onProgress?: ((copied: number) => void) | undefined;
}

/** Where something stands now. */
export interface Placed {
  /** Another than was asked for when that was taken and the policy is `rename`. */
  readonly key: ObjectKey;
  /** Whether there was nothing under this key before. */
  readonly created: boolean;
}

/** A version that was written. */
export interface Written extends Placed {
  /** What whoever opens it from now on is told. */
  readonly validators: Validators;
  /** In bytes. */
  readonly size: number;
  /** Those that were expected or wanted. */
  readonly digests: Digests;
}

/** Names what was put into the trash. It begins with the time, so that ids sort by it, and cannot be guessed. */
export type DiscardedId = string & { readonly __brand: 'DiscardedId' };

/** Something in the trash. */
export interface Discarded {
  readonly id: DiscardedId;
  /** Where it stood. */
  readonly key: ObjectKey;
  /** Of a link, what it led to. */
  readonly kind: 'file' | 'folder';
  /** In bytes; 0 for a folder and for a link. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly discardedAt: number;
  /** Who did it; null for somebody without a name. */
  readonly discardedBy: string | null;
}

export interface DiscardOptions extends ChangeOptions {
  /** Who does it; null, the default, for somebody without a name. */
  readonly by?: string | null | undefined;
}

/** What the storage keeps of an upload that is not complete; only the driver knows what its text means. */
export type StagedContent = string & { readonly __brand: 'StagedContent' };

/** What has become of an entry, by whomever. */
export interface EntryChange {
  readonly change: 'created' | 'changed' | 'removed';
  readonly key: ObjectKey;
  readonly kind: 'file' | 'folder';
  /** Of what is there now, as {@link ListedObject} has them; 0 when it was removed. */
  readonly size: number;
  readonly lastModified: number;
}

export interface WatchListener {
  /**
   * In the order of what happened to a path. A folder speaks for all that is in it: of one that came or went with its
   * content, only the folder itself is told. Changes of a file that is being written come about once a second.
   */
  onChange(change: EntryChange): void;
  /** The watch is over, and some changes may have been missed. Not called after `close`. */
  onEnd(reason: StorageError): void;
}

export interface StorageWatch {
  /** Ends it at once; twice is harmless. */
  close(): void;
}

/** A new file that becomes another by taking its name, or nothing at all. Whoever creates it ends it. */
export interface TemporaryFile {
  readonly path: string;
  readonly handle: FileHandle;
  /** Removes what still stands under its path; never rejects. */
  end(): Promise<void>;
}

/** What it takes to put another form of a file in its place. */
export interface Workplace {
  /** Creates a file on the same file system that nobody else may read. */
  createTemporary(): Promise<TemporaryFile>;
  /** Runs what changes the name of the file when nobody else does. */
  exclusively<T>(action: () => Promise<T>): Promise<T>;
  /** To be called before the file gets a second name in its folder, so that after a crash it has not got both. Returns what ends that. */
  noteSecondName(name: string): Promise<() => Promise<void>>;
}

/**
 * A file of the local disk that is to be replaced by another form of itself. What a crash leaves of that,
 * {@link StorageDriver.recover} removes. Whoever holds it releases it.
 */
export interface HeldFile extends Workplace {
  /** Leads into the folder in which the file was found, whatever takes the place of that; what stands there may be another by now. */
  readonly path: string;
  release(): Promise<void>;
}

/**
 * Where files are read from: all that it takes to serve them. Everything that is not an ordinary file or folder below
 * the root, and everything hidden, looks missing.
 */
export interface ReadableStorage {
  /** @throws StorageError */
  stat(key: ObjectKey): Promise<ObjectStat>;
  /** Opens the current version of a file. @throws StorageError; reason `is-folder` for a folder. */
  open(key: ObjectKey): Promise<StoredObject>;
}

/** Where files are kept. */
export interface StorageDriver extends ReadableStorage {
  /**
   * Everything in a folder that may be seen, in no particular order and in batches small enough to be looked at without
   * holding up anything else. Leaving the loop early stops the listing.
   * @throws StorageError; reason `is-file` for a file.
   */
  list(key: ObjectKey): AsyncIterable<readonly ListedObject[]>;
  /** Resolves when the storage can be read at this moment. @throws StorageError with reason `unavailable`. */
  check(): Promise<void>;
  /**
   * Watches a folder, or with `recursive` everything below it, for changes by other programs too. Resolves when every
   * change from now on will be told. What may not be seen is not told of. A linked folder is watched when it is asked
   * for by its own name, not as a part of another.
   * Absent: this storage cannot tell.
   * @throws StorageError; reason `is-file` for a file, `unavailable` when the system cannot watch so much
   */
  watch?(
    key: ObjectKey,
    options: { readonly recursive: boolean },
    listener: WatchListener,
  ): Promise<StorageWatch>;

  // Every change below is made whole or not at all: when it rejects, by a StorageError, by the signal's reason or by what
  // the content threw, nothing is changed and nothing left behind. When it resolves, it survives a power failure.

  /**
   * Writes a file, with the folders above it. The content is read no further than the first failure, and a
   * piece of it must not be changed once it has been given; who opened it
   * closes it.
   * @throws StorageError
   */
  write(key: ObjectKey, content: AsyncIterable<Uint8Array>, options?: WriteOptions): Promise<Written>;
  /**
   * Refuses what {@link write} would refuse before its first byte, and makes nothing: for content that is received first
   * and becomes a file later. What changes in between, the later change finds out.
   * @throws StorageError
   */
  checkWrite(key: ObjectKey, options?: WriteOptions): Promise<void>;
  /**
   * Makes staged content a file, as {@link write} does; it is staged no longer then. When it fails, it still is.
   * @throws StorageError; reason `missing` when there is no such content
   */
  adopt(key: ObjectKey, staged: StagedContent, options?: WriteOptions): Promise<Written>;
  /** Makes an empty folder, with those above it. @throws StorageError; reason `exists` when the name is taken. */
  makeFolder(key: ObjectKey): Promise<void>;
  /** Removes a file, or a folder with everything in it. The conditions are for a file. @throws StorageError */
  remove(key: ObjectKey, options?: ChangeOptions): Promise<void>;
  /**
   * Moves a file or a folder, making the folders above its new place. The conditions are for the file that is moved.
   * @throws StorageError
   */
  move(from: ObjectKey, to: ObjectKey, options?: CopyOptions): Promise<Placed>;
  /**
   * Copies a file, or a folder with everything in it that may be seen. The conditions are for the file that is copied.
   * @throws StorageError
   */
  copy(from: ObjectKey, to: ObjectKey, options?: CopyOptions): Promise<Placed>;
  /**
   * Finds a file, which a link may lead to, for what works on files of the local disk.
   * Absent: this storage has none.
   * @throws StorageError; reason `is-folder` for a folder
   */
  holdFile?(key: ObjectKey): Promise<HeldFile>;
  /**
   * Puts a file, or a folder with everything in it, into the trash. A link goes there itself. The conditions are for a file.
   * @throws StorageError
   */
  discard(key: ObjectKey, options?: DiscardOptions): Promise<Discarded>;
  /**
   * What is in the trash, the latest first, and read as far as it is taken.
   * @param before only what was discarded before this, which need not be there any more
   * @throws StorageError
   */
  discarded(before?: DiscardedId): AsyncIterable<Discarded>;
  /** @throws StorageError; reason `missing` when there is no such thing in the trash */
  findDiscarded(id: string): Promise<Discarded>;
  /** Takes something out of the trash, making the folders above its place. @throws StorageError */
  restore(id: DiscardedId, to: ObjectKey, options?: CopyOptions): Promise<Placed>;
  /** Removes something in the trash for good. @throws StorageError */
  purge(id: DiscardedId): Promise<void>;
  /**
   * Removes what changes that were broken off by a crash have left, and nothing else. What others are still working on
   * stays.
   * @returns how many leftovers were removed
   */
  recover(): Promise<number>;
}
