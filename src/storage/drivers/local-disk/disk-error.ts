import { StorageError, type StorageErrorReason } from '../../storage-error.js';

/** The one place where errors of the operating system are given a meaning. */
const REASONS: Readonly<Record<string, StorageErrorReason>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  ENAMETOOLONG: 'missing',
  ELOOP: 'missing',
  // A device without a driver, a socket, a FIFO nobody writes to, a name with a byte that the file system refuses.
  ENXIO: 'missing',
  ENODEV: 'missing',
  EINVAL: 'missing',
  EILSEQ: 'missing',
  ERR_INVALID_ARG_VALUE: 'missing',
  EISDIR: 'is-folder',
  EACCES: 'denied',
  EPERM: 'denied',
  EMFILE: 'unavailable',
  ENFILE: 'unavailable',
  ENOMEM: 'unavailable',
  EIO: 'unavailable',
  ESTALE: 'unavailable',
  EHOSTDOWN: 'unavailable',
  ETIMEDOUT: 'unavailable',
};

/** Translates an error of `node:fs`; what is unknown is rethrown as it is, and becomes an internal problem. */
export function toStorageError(error: unknown): unknown {
  if (error instanceof StorageError) return error;
  const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
  return reason ? new StorageError(reason, error) : error;
}

/** The same for a watch, which always ends with one of the reasons. */
export function toWatchError(error: unknown): StorageError {
  const { code } = error as NodeJS.ErrnoException;
  // inotify(7): the user watches as much as the system allows.
  if (code === 'ENOSPC') return new StorageError('unavailable', error);
  const translated = toStorageError(error);
  return translated instanceof StorageError ? translated : new StorageError('unavailable', error);
}
