import { Controller, Get, Param, Req, Res, UseFilters } from '@nestjs/common';
import type { Response } from 'express';
import { prefixOf } from '../auth/linked-request.js';
import type { AuthorizedRequest } from '../auth/principal.js';
import { Requires } from '../auth/requires.decorator.js';
import { RepresentationSender } from '../files/representation-sender.js';
import { RequestedPathPipe, type RequestedPath } from '../files/requested-path.pipe.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { PlayableService } from './playable.service.js';

/** Media as browsers can play it: the stored bytes, with the container repaired on the way where that helps. */
@Controller('stream')
@Requires('read')
@UseFilters(ProblemFilter)
export class StreamController {
  constructor(
    private readonly playables: PlayableService,
    private readonly sender: RepresentationSender,
  ) {}

  @Get(['', '*path'])
  async get(
    @Req() request: AuthorizedRequest,
    @Res() response: Response,
    @Param('path', RequestedPathPipe) path: RequestedPath,
  ): Promise<void> {
    const asAttachment = request.principal?.link?.download ?? false;
    const presentation = { asAttachment, prefix: prefixOf(request) };
    const { representation, repairTime } = await this.playables.open(path, presentation, () =>
      leaving(response),
    );
    if (repairTime !== undefined) response.setHeader('Server-Timing', `repair;dur=${repairTime.toFixed(1)}`);
    this.sender.send(request, response, representation);
  }
}

/** Aborted when the client goes away. */
function leaving(response: Response): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  else response.once('close', () => gone.abort());
  return gone.signal;
}
