/**
 * Why the storage refused, in the few words every driver translates its own errors to:
 * - `missing`: nothing there, or nothing that may be seen;
 * - `is-folder`: a folder where a file was asked for;
 * - `is-file`: a file where a folder was asked for;
 * - `parent-is-file`: a file where a folder would have to be above what is to be written;
 * - `exists`: the name is taken, by what may not be replaced;
 * - `into-itself`: a folder cannot be moved or copied into itself;
 * - `bad-name`: the storage cannot keep a name like this, or keeps it for itself;
 * - `denied`: the server's own account may not do that, or a link leads out of the root;
 * - `precondition-failed`: what is there is not what the conditions ask for;
 * - `too-large`: more bytes than the limit, or than the storage keeps in one file;
 * - `length-mismatch`: more or fewer bytes than were announced;
 * - `digest-mismatch`: other bytes than were announced;
 * - `changed`: what was being copied changed meanwhile;
 * - `full`: no room, or none for this account;
 * - `unavailable`: the storage does not answer, or is out of descriptors; worth trying again.
 */
export type StorageErrorReason =
  | 'missing'
  | 'is-folder'
  | 'is-file'
  | 'parent-is-file'
  | 'exists'
  | 'into-itself'
  | 'bad-name'
  | 'denied'
  | 'precondition-failed'
  | 'too-large'
  | 'length-mismatch'
  | 'digest-mismatch'
  | 'changed'
  | 'full'
  | 'unavailable';

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
