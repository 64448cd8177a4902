import { hash } from 'node:crypto';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CurrentPrincipal } from '../auth/current-principal.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Requires } from '../auth/requires.decorator.js';
import { whileConnected } from '../changes/while-connected.js';
import { AppConfig } from '../config/app-config.js';
import { MemorySource } from '../core/bytes/index.js';
import type { Representation } from '../core/http/index.js';
import { baseName } from '../core/path/index.js';
import { RepresentationSender } from '../files/representation-sender.js';
import { RequestedPathPipe, type RequestedPath } from '../files/requested-path.pipe.js';
import { ThumbnailSizePipe } from './thumbnail-size.pipe.js';
import { ThumbnailService, type Thumbnail } from './thumbnail.service.js';

/** Small pictures of what is stored. */
@Controller('api/v1/thumbnails')
@Requires('read')
export class ThumbnailsController {
  constructor(
    private readonly thumbnails: ThumbnailService,
    private readonly sender: RepresentationSender,
    private readonly config: AppConfig,
  ) {}

  @Get('*path')
  async get(
    @Param('path', RequestedPathPipe) path: RequestedPath,
    @Query(ThumbnailSizePipe) size: number,
    @CurrentPrincipal() { rules }: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const thumbnail = await whileConnected(response, (signal) =>
      this.thumbnails.make(path, size, rules, signal),
    );
    if (!thumbnail) return;
    // From here on a client that takes nothing is not waited for.
    response.socket?.setTimeout(this.config.idleTimeout * 1000);
    response.setHeader('Content-Security-Policy', "default-src 'none'");
    this.sender.send(request, response, toRepresentation(thumbnail, `${baseName(path.key)}.webp`));
  }
}

/** The entity tag is made of the bytes: drawn anew by another version of the library they may differ. */
function toRepresentation({ bytes, lastModified }: Thumbnail, fileName: string): Representation {
  return {
    fileName,
    mediaType: 'image/webp',
    validators: {
      etag: { weak: false, opaque: hash('sha256', bytes, 'base64url').slice(0, 22) },
      lastModified,
    },
    source: new MemorySource(bytes),
    asAttachment: false,
    close: () => Promise.resolve(),
  };
}
