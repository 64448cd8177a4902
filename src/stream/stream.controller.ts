import { Controller, Get, Param, Res, UseFilters, UseInterceptors } from '@nestjs/common';
import type { Response } from 'express';
import { Requires } from '../auth/requires.decorator.js';
import type { Representation } from '../core/http/index.js';
import { RangeInterceptor } from '../files/range.interceptor.js';
import { RequestedPathPipe, type RequestedPath } from '../files/requested-path.pipe.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { PlayableService } from './playable.service.js';

/** Media as browsers can play it: the stored bytes, with the container repaired on the way where that helps. */
@Controller('stream')
@Requires('read')
@UseFilters(ProblemFilter)
@UseInterceptors(RangeInterceptor)
export class StreamController {
  constructor(private readonly playables: PlayableService) {}

  @Get(['', '*path'])
  async get(
    @Param('path', RequestedPathPipe) path: RequestedPath,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Representation> {
    const gone = new AbortController();
    const leave = () => gone.abort();
    response.once('close', leave);
    try {
      const { representation, repairTime } = await this.playables.open(path, gone.signal);
      response.setHeader('Server-Timing', `repair;dur=${repairTime.toFixed(1)}`);
      return representation;
    } finally {
      response.off('close', leave);
    }
  }
}
