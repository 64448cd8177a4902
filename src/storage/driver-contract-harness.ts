import type { ObjectKey } from '../core/path/index.js';
import type { StagedContent, StorageDriver } from './storage-driver.js';

/** A fresh storage of one kind and the means to change what is in it from outside. */
export interface DriverHarness {
  readonly driver: StorageDriver;
  /** Creates or replaces a file in one step, with the folders above it. */
  put(key: ObjectKey, content: string): Promise<void>;
  remove(key: ObjectKey): Promise<void>;
  /** Keeps content for `adopt`. */
  stage(content: string): Promise<StagedContent>;
  /** What is left of changes that are over; names of something that should not be there. */
  leftovers(): Promise<readonly string[]>;
  dispose(): Promise<void>;
}
