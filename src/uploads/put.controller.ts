import { Controller, Param, Put, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { AuthorizedRequest } from '../auth/principal.js';
import { Requires } from '../auth/requires.decorator.js';
import { Changes } from '../changes/changes.js';
import { AppConfig } from '../config/app-config.js';
import { freeBytes } from '../core/bytes/index.js';
import { formatDigests, formatEntityTag, formatHttpDate, lastModifiedSecond } from '../core/http/index.js';
import { ProblemError } from '../core/problem/index.js';
import { RequestedPathPipe, type RequestedPath } from '../files/requested-path.pipe.js';
import { fileUrl } from '../files/resource-urls.js';
import type { Written } from '../storage/storage-driver.js';
import { uploadOptions } from './upload-options.js';

/** One file, sent as it is. */
@Controller('files')
@Requires('write')
export class PutController {
  constructor(
    private readonly changes: Changes,
    private readonly config: AppConfig,
  ) {}

  @Put('*path')
  async put(
    @Req() request: AuthorizedRequest,
    @Res() response: Response,
    @Param('path', RequestedPathPipe) { key, asFolder }: RequestedPath,
  ): Promise<void> {
    if (asFolder) {
      throw new ProblemError(
        'conflict',
        'A path with a slash at the end is a folder. Leave it out to write a file: the folders above it are made with it.',
      );
    }
    const options = uploadOptions(request.headers, this.config.maxUploadSize);
    // Each piece of a body has memory of its own, and nobody else has seen it.
    const written = await this.changes.write(request, key, request, { ...options, release: freeBytes });
    response.set(fieldsOf(written));
    const wanted = options.wantedDigests?.[0];
    if (wanted) response.set('Repr-Digest', formatDigests({ [wanted]: written.digests[wanted] }));
    response.status(written.created ? 201 : 204).end();
  }
}

function fieldsOf({ key, validators }: Written): Record<string, string> {
  return {
    Location: fileUrl(key),
    ETag: formatEntityTag(validators.etag),
    'Last-Modified': formatHttpDate(lastModifiedSecond(validators, Date.now())),
    'Cache-Control': 'no-store',
  };
}
