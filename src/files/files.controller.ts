import { Controller, Get, Param, Query, Req, Res, UseFilters } from '@nestjs/common';
import type { Response } from 'express';
import { prefixOf } from '../auth/linked-request.js';
import type { AuthorizedRequest } from '../auth/principal.js';
import { Requires } from '../auth/requires.decorator.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { RepresentationSender } from './representation-sender.js';
import { RequestedPathPipe, type RequestedPath } from './requested-path.pipe.js';
import { StreamService } from './stream.service.js';

/** Stored bytes, as they are. */
@Controller('files')
@Requires('read')
@UseFilters(ProblemFilter)
export class FilesController {
  constructor(
    private readonly streams: StreamService,
    private readonly sender: RepresentationSender,
  ) {}

  /** `?download` asks for an attachment; `?download=0` and `?download=false` do not. */
  @Get(['', '*path'])
  async get(
    @Req() request: AuthorizedRequest,
    @Res() response: Response,
    @Param('path', RequestedPathPipe) path: RequestedPath,
    @Query('download') download: unknown,
  ): Promise<void> {
    const isAsked = download !== undefined && download !== '0' && download !== 'false';
    const asAttachment = isAsked || (request.principal?.link?.download ?? false);
    this.sender.send(request, response, await this.streams.open(path, asAttachment, prefixOf(request)));
  }
}
