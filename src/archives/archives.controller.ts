import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CurrentPrincipal } from '../auth/current-principal.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Requires } from '../auth/requires.decorator.js';
import { attachment } from '../core/http/index.js';
import { EmptySlice } from '../files/file-slice.js';
import { RequestedPathPipe, type RequestedPath } from '../files/requested-path.pipe.js';
import { untilGone } from '../files/until-gone.js';
import { ArchiveBody } from './archive-body.js';
import { ArchiveQueryPipe } from './archive-query.js';
import { ArchiveService } from './archive.service.js';

/** Folders as one download. */
@Controller('api/v1/archives')
@Requires('see')
export class ArchivesController {
  constructor(private readonly archives: ArchiveService) {}

  @Get(['', '*path'])
  async get(
    @Param('path', RequestedPathPipe) path: RequestedPath,
    @Query(ArchiveQueryPipe) selected: readonly RequestedPath[],
    @CurrentPrincipal() { rules }: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ArchiveBody | EmptySlice> {
    const body = await untilGone(response, async (signal) => {
      const archive = await this.archives.prepare(path, selected, rules, signal);
      // Not Express' `set`, which adds a charset to what is no text.
      response.setHeader('Content-Type', 'application/zip');
      response.setHeader('Content-Length', archive.size);
      response.setHeader('Content-Disposition', attachment(`${archive.name}.zip`));
      response.setHeader('Cache-Control', 'no-store');
      response.setHeader('Accept-Ranges', 'none');
      if (request.method !== 'HEAD') return new ArchiveBody(archive);
      archive.close();
      return undefined;
    });
    return body ?? new EmptySlice();
  }
}
