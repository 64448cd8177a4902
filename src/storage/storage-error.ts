/**
 * Why the storage refused, in the few words every driver translates its own errors to:
 * - `missing`: nothing there, or nothing that may be seen;
 * - `is-folder`: a folder where a file was asked for;
 * - `is-file`: a file where a folder was asked for;
 * - `denied`: the server's own account may not read it;
 * - `unavailable`: the storage does not answer, or is out of descriptors; worth trying again.
 */
export type StorageErrorReason = 'missing' | 'is-folder' | 'is-file' | 'denied' | 'unavailable';

/** Thrown by drivers. The cause may name paths of the machine: it is for the log only. */
export class StorageError extends Error {
  constructor(
    readonly reason: StorageErrorReason,
    cause?: unknown,
  ) {
    super(`storage: ${reason}`, { cause });
    this.name = 'StorageError';
  }
}
