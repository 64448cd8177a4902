import { Controller, Delete, HttpStatus, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { AuthorizedRequest } from '../auth/principal.js';
import { Requires } from '../auth/requires.decorator.js';
import { whileConnected } from '../changes/while-connected.js';
import { ROOT_KEY } from '../core/path/index.js';
import { ProblemError } from '../core/problem/index.js';
import { requestConditions } from '../files/representation-sender.js';
import { RequestedPathPipe, type RequestedPath } from '../files/requested-path.pipe.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { Trash } from './trash.js';
import type { TrashEntry } from './trash-entry.js';

/** Deleting files and folders. */
@Controller('files')
@Requires('delete')
export class DiscardsController {
  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly trash: Trash,
  ) {}

  /** `?permanent` deletes for good; `?permanent=0` and `?permanent=false` do not. */
  @Delete(['', '*path'])
  async delete(
    @Param('path', RequestedPathPipe) { key, asFolder }: RequestedPath,
    @Query('permanent') permanent: unknown,
    @Req() request: AuthorizedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TrashEntry | undefined> {
    if (key === ROOT_KEY)
      throw new ProblemError(
        'forbidden',
        'The served folder itself cannot be deleted; delete what is in it.',
      );
    if (asFolder && (await this.storage.stat(key)).kind === 'file') throw new StorageError('missing');
    const trashEntry = await whileConnected(response, (signal) =>
      this.trash.delete(request, key, {
        permanent: permanent !== undefined && permanent !== '0' && permanent !== 'false',
        conditions: requestConditions(request),
        signal,
      }),
    );
    response.setHeader('Cache-Control', 'no-store');
    if (!trashEntry) response.status(HttpStatus.NO_CONTENT);
    return trashEntry;
  }
}
