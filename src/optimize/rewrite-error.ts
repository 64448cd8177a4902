/** Why a file was not rewritten, as a stable word, and what that means and asks for. */
const MESSAGES = {
  missing: 'It is not there.',
  'not-a-file': 'It is no ordinary file.',
  denied: 'It may not be read by this user.',
  'read-only': 'It may not be written by this user; make it writable (chmod u+w) and try again.',
  'read-only-folder':
    'A file is rewritten through a second one beside it, and this user may not create any in its folder.',
  'insufficient-storage':
    'The new file does not fit on the disk beside the old one; make room and try again.',
  'file-too-large': 'The new file is larger than the file system or a limit of this process allows.',
  'owner-not-kept':
    'This user cannot give the new file the owner and group of the old one; run this as the owner or as root.',
  'original-exists':
    'The name under which the original would be kept is taken; move that file away and try again.',
  'original-not-kept': 'The file system cannot give the original a second name; copy it before.',
  'changed-meanwhile': 'It was changed or replaced meanwhile; try again when it is complete.',
  impossible: 'It needs repairs, and none can be made.',
  'verification-failed': 'What was written is not what it should be, so it was thrown away.',
  'in-use': 'The system does not let its name be given to another file: it is a mount point, or held open.',
  'not-durable': 'The file was rewritten, but the disk did not confirm that it will survive a power failure.',
  'storage-failed': 'The disk or its file system failed.',
} as const;

export type RewriteReason = keyof typeof MESSAGES;

/** A file could not be rewritten, and is what it was; with `not-durable` it was. The cause may name paths. */
export class RewriteError extends Error {
  constructor(
    readonly reason: RewriteReason,
    { detail, cause }: { readonly detail?: string; readonly cause?: unknown } = {},
  ) {
    super([MESSAGES[reason], detail].filter(Boolean).join(' '), { cause });
    this.name = 'RewriteError';
  }
}

/** What the system's errors mean whatever was being done. */
const REASONS: Readonly<Record<string, RewriteReason>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  ENAMETOOLONG: 'missing',
  ELOOP: 'missing',
  EISDIR: 'not-a-file',
  ENXIO: 'not-a-file',
  ENODEV: 'not-a-file',
  EROFS: 'read-only-folder',
  ENOSPC: 'insufficient-storage',
  EDQUOT: 'insufficient-storage',
  EFBIG: 'file-too-large',
  EBUSY: 'in-use',
  EXDEV: 'in-use',
  ETXTBSY: 'in-use',
};

/**
 * Gives an error of `node:fs` its meaning; what is none stays what it is.
 * @param denied what it means here when the system says that this user may not
 */
export function toRewriteError(error: unknown, denied: RewriteReason): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof RewriteError || code === undefined || syscall === undefined) return error;
  const reason = code === 'EACCES' || code === 'EPERM' ? denied : (REASONS[code] ?? 'storage-failed');
  return new RewriteError(reason, {
    ...(reason === 'storage-failed' && { detail: `It says ${code}.` }),
    cause: error,
  });
}
