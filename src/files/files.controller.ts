import { Controller, Get, Param, Query, UseFilters, UseInterceptors } from '@nestjs/common';
import { Requires } from '../auth/requires.decorator.js';
import type { Representation } from '../core/http/index.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { RangeInterceptor } from './range.interceptor.js';
import { RequestedPathPipe, type RequestedPath } from './requested-path.pipe.js';
import { StreamService } from './stream.service.js';

/** Stored bytes, as they are. */
@Controller('files')
@Requires('read')
@UseFilters(ProblemFilter)
@UseInterceptors(RangeInterceptor)
export class FilesController {
  constructor(private readonly streams: StreamService) {}

  /** `?download` asks for an attachment; `?download=0` and `?download=false` do not. */
  @Get(['', '*path'])
  get(
    @Param('path', RequestedPathPipe) path: RequestedPath,
    @Query('download') download: unknown,
  ): Promise<Representation> {
    const asAttachment = download !== undefined && download !== '0' && download !== 'false';
    return this.streams.open(path, asAttachment);
  }
}
