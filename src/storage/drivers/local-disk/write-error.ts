import { ContentError } from '../../read-content.js';
import { StorageError, type StorageErrorReason } from '../../storage-error.js';
import { toStorageError } from './disk-error.js';

/** What the errors of the operating system mean where something is changed, if not what they mean to a reader. */
const REASONS: Readonly<Record<string, StorageErrorReason>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'too-large',
  EROFS: 'denied',
  // What can be copied instead was: of overlayfs, a folder of a lower layer cannot.
  EXDEV: 'denied',
  ENOTDIR: 'parent-is-file',
  EISDIR: 'exists',
  EEXIST: 'exists',
  ENOTEMPTY: 'exists',
  ENAMETOOLONG: 'bad-name',
  EILSEQ: 'bad-name',
  EINVAL: 'bad-name',
  ERR_INVALID_ARG_VALUE: 'bad-name',
  ELOOP: 'denied',
  EBUSY: 'unavailable',
  ETXTBSY: 'unavailable',
};

/** Translates what went wrong during a change. What the content threw comes out as it was thrown. */
export function toWriteError(error: unknown): unknown {
  if (error instanceof ContentError) return error.cause;
  if (error instanceof StorageError) return error;
  const reason = REASONS[codeOf(error) ?? ''];
  return reason ? new StorageError(reason, error) : toStorageError(error);
}

/** The error code of the operating system. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}
