import { Inject, Injectable } from '@nestjs/common';
import type { Representation } from '../core/http/index.js';
import { encodeKey, type ObjectKey } from '../core/path/index.js';
import { ProblemError } from '../core/problem/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { representationOf } from './representation-of.js';
import type { RequestedPath } from './requested-path.pipe.js';

/** Opens stored files as representations. Knows nothing of ranges. */
@Injectable()
export class StreamService {
  constructor(@Inject(STORAGE_DRIVER) private readonly storage: StorageDriver) {}

  /**
   * Opens the current version of a file. The caller closes it.
   * @throws ProblemError for a folder, naming the URL of its listing; StorageError as the driver has it.
   */
  async open({ key, asFolder }: RequestedPath, asAttachment: boolean): Promise<Representation> {
    if (asFolder) {
      const { kind } = await this.storage.stat(key);
      throw kind === 'folder' ? folderProblem(key) : new StorageError('missing');
    }
    try {
      const object = await this.storage.open(key);
      return representationOf(object, { asAttachment });
    } catch (error) {
      throw error instanceof StorageError && error.reason === 'is-folder' ? folderProblem(key) : error;
    }
  }
}

function folderProblem(key: ObjectKey): ProblemError {
  const listing = `/api/v1/entries/${encodeKey(key)}`;
  return new ProblemError(
    'not-found',
    'This path is a folder, which has no bytes to send. `listing` lists it.',
    {
      extensions: { listing },
    },
  );
}
