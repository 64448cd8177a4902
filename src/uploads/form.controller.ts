import { Controller, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { AuthorizedRequest } from '../auth/principal.js';
import { Requires } from '../auth/requires.decorator.js';
import type { ObjectKey } from '../core/path/index.js';
import { ProblemError } from '../core/problem/index.js';
import { RequestedPathPipe, type RequestedPath } from '../files/requested-path.pipe.js';
import { CONFLICT_POLICIES, toConflictPolicy } from '../storage/conflict-policy.js';
import { STORAGE_DRIVER, type ConflictPolicy, type StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { FormUpload } from './form-upload.js';
import { refuseCoding } from './upload-options.js';

/** Any number of files, as forms send them. */
@Controller('files')
@Requires('write')
export class FormController {
  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly upload: FormUpload,
  ) {}

  @Post(['', '*path'])
  async post(
    @Req() request: AuthorizedRequest,
    @Res() response: Response,
    @Param('path', RequestedPathPipe) { key }: RequestedPath,
    @Query('onConflict') onConflict: unknown,
  ): Promise<void> {
    const policy = policyIn(onConflict);
    if (!/^multipart\/form-data\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
      const detail =
        'Send files as a form, multipart/form-data; a single file can be sent by PUT to its own path.';
      throw new ProblemError('unsupported-media-type', detail);
    }
    refuseCoding(request.headers['content-encoding']);
    await this.#demandFolder(key);
    const files = await this.upload.store(request, key, policy);
    if (files.length === 0) {
      throw new ProblemError('malformed-request', 'The form has no file: no part of it has a filename.');
    }
    const isDone = files.every(({ status }) => status !== 'failed');
    response
      .status(isDone ? 200 : 207)
      .set('Cache-Control', 'no-store')
      .json({ files });
  }

  /** What is not there comes into being with the first file. @throws ProblemError conflict */
  async #demandFolder(key: ObjectKey): Promise<void> {
    try {
      if ((await this.storage.stat(key)).kind === 'folder') return;
    } catch (error) {
      if (error instanceof StorageError && error.reason === 'missing') return;
      throw error;
    }
    throw new ProblemError('conflict', 'This path is a file. Files of a form go into a folder.');
  }
}

/** @throws ProblemError validation-failed */
function policyIn(raw: unknown): ConflictPolicy {
  const policy = toConflictPolicy(raw);
  if (policy) return policy;
  throw new ProblemError('validation-failed', 'Some parameters are wrong; `errors` names them.', {
    extensions: {
      errors: [{ name: 'onConflict', detail: `must be one of ${CONFLICT_POLICIES.join(', ')}` }],
    },
  });
}
