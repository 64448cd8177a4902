import type { ObjectKey } from '../core/path/index.js';
import type { DigestAlgorithm } from '../core/http/index.js';
import type { ConflictPolicy } from '../storage/storage-driver.js';

/** What is remembered of an upload, as it stands on disk. */
export interface UploadRecord {
  readonly id: string;
  /** Who began it; null for whoever has not logged in. */
  readonly owner: string | null;
  /** The path it is to get. */
  readonly key: ObjectKey;
  readonly onConflict: ConflictPolicy;
  /** Of the whole, in base64. */
  readonly digests: Readonly<Partial<Record<DigestAlgorithm, string>>>;
  /** `Upload-Metadata` as it came. */
  readonly metadata: string;
  /** In bytes; null as long as it has not been said. */
  readonly length: number | null;
  /** Where bytes begin that count only when their checksum has been found right. */
  readonly unverifiedFrom?: number;
  /** What it has become. */
  readonly stored?: StoredFile;
}

/** The file that an upload has become. */
export interface StoredFile {
  readonly key: ObjectKey;
  /** As in ETag, with its quotes; undefined when a crash came between. */
  readonly etag?: string;
}

/** An upload as it is now. */
export type Upload =
  | {
      readonly state: 'unfinished';
      readonly record: UploadRecord;
      /** How many bytes have arrived. */
      readonly offset: number;
      /** When the last of them did, in milliseconds since the epoch. */
      readonly lastByte: number;
    }
  | {
      readonly state: 'finished';
      readonly record: UploadRecord;
      /** Of all its bytes. */
      readonly offset: number;
      /** Undefined when a crash came between and its name may be any free one. */
      readonly stored: StoredFile | undefined;
      /** That it is finished was seen by what is left of it: it is yet to be remembered. */
      readonly isUnseen?: boolean;
    };

export type UnfinishedUpload = Extract<Upload, { state: 'unfinished' }>;
