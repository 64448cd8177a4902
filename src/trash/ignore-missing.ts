import { StorageError } from '../storage/storage-error.js';

/** Somebody else may have been faster, to remove it or to restore it. */
export function ignoreMissing(error: unknown): void {
  if (!(error instanceof StorageError && error.reason === 'missing')) throw error;
}
