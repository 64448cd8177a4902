import { Controller, Get, Param, Query, Req, Res, UseFilters } from '@nestjs/common';
import type { Request, Response } from 'express';
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
    @Req() request: Request,
    @Res() response: Response,
    @Param('path', RequestedPathPipe) path: RequestedPath,
    @Query('download') download: unknown,
  ): Promise<void> {
    const asAttachment = download !== undefined && download !== '0' && download !== 'false';
    this.sender.send(request, response, await this.streams.open(path, asAttachment));
  }
}
