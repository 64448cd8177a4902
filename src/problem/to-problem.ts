import { HttpException } from '@nestjs/common';
import type { Request } from 'express';
import { isBreak } from '../core/http/index.js';
import { InvalidPathError } from '../core/path/index.js';
import { ProblemError, StatusProblem, type ProblemSlug, type Sendable } from '../core/problem/index.js';
import { StorageError, type StorageErrorReason } from '../storage/storage-error.js';

const STORAGE_PROBLEMS: Readonly<Record<StorageErrorReason, readonly [ProblemSlug, string]>> = {
  missing: ['not-found', 'There is no file at this path.'],
  'is-folder': ['not-found', 'This path is a folder, not a file.'],
  'is-file': ['not-found', 'This path is a file, not a folder.'],
  'parent-is-file': ['conflict', 'A part of the path before its last is a file, not a folder.'],
  exists: ['conflict', 'The name is taken, by a file or folder that is not to be replaced.'],
  'into-itself': ['conflict', 'A folder cannot be moved or copied into itself.'],
  'bad-name': ['invalid-path', 'The storage cannot keep a file or folder of this name.'],
  denied: ['forbidden', 'The server itself is not permitted to do that with this file.'],
  'precondition-failed': ['precondition-failed', 'What is there is not what the conditions ask for.'],
  'too-large': ['content-too-large', 'The content is larger than the server accepts.'],
  'length-mismatch': ['length-mismatch', 'The content was longer or shorter than announced. Send it again.'],
  'digest-mismatch': ['digest-mismatch', 'The content is not what its digest says. Send it again.'],
  changed: ['conflict', 'The file was changed while it was being copied. Try again.'],
  full: ['insufficient-storage', 'There is no room for this in the storage.'],
  unavailable: ['storage-unavailable', 'The storage cannot be read at the moment. Try again in a moment.'],
};

/** What a Nest or Express exception means to the client, by its status. */
const HTTP_PROBLEMS: Readonly<Record<number, readonly [ProblemSlug, string]>> = {
  400: ['malformed-request', 'The request could not be understood.'],
  403: ['forbidden', 'This is not allowed.'],
  404: ['not-found', 'There is nothing at this URL. Files are below /files/, the API is described at /docs.'],
  503: ['storage-unavailable', 'The storage cannot be read at the moment. Try again in a moment.'],
};

/** Whether the client went away while it sent its request, or was sent away: there is nobody left to answer. */
export function isBrokenOff(request: Request, error: unknown): boolean {
  return request.destroyed && isBreak(error);
}

/** What an error means to the client. Its cause, and an error that nobody foresaw, are for the log. */
export function toProblem(error: unknown): Sendable {
  if (error instanceof ProblemError) return error;
  if (error instanceof InvalidPathError) return new ProblemError('invalid-path', error.message);
  if (error instanceof StorageError) {
    return new ProblemError(...STORAGE_PROBLEMS[error.reason], { cause: error.cause });
  }
  // Express and Nest report a path whose percent-encoding is no UTF-8 as a URIError of status 400.
  const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
  if (status === 400 && /decode/i.test((error as Error).message)) {
    return new ProblemError('invalid-path', 'The percent-encoding of the path is not valid UTF-8.');
  }
  const known = HTTP_PROBLEMS[status];
  if (known) return new ProblemError(...known);
  // Somebody else's guard or pipe: 401, 429 ...
  if (error instanceof HttpException && status < 500) return new StatusProblem(status);
  return new ProblemError('internal', 'The server met an error it did not expect.', { cause: error });
}

function statusOf(error: unknown): number {
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' ? status : 500;
}
