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
