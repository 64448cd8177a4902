import { Controller, Get, Header, Param, UseInterceptors } from '@nestjs/common';
import { CurrentPrincipal } from '../auth/current-principal.decorator.js';
import { UrlPrefix } from '../auth/linked-request.js';
import type { Principal } from '../auth/principal.js';
import { PrivateCacheInterceptor } from '../auth/private-cache.interceptor.js';
import { Requires } from '../auth/requires.decorator.js';
import { mediaTypeOf } from '../core/http/index.js';
import { RequestedPathPipe, type RequestedPath } from '../files/requested-path.pipe.js';
import {
  entryUrl,
  fileUrl,
  inspectionUrl,
  streamUrl,
  subtitlesUrl,
  thumbnailUrl,
} from '../files/resource-urls.js';
import { StorageError } from '../storage/storage-error.js';
import type { CompleteReport } from './complete-report.js';
import { MediaInspectionService } from './media-inspection.service.js';
import { isPlayable, Pictures } from './pictures.js';

/** A media report with where it comes from. */
export interface InspectionResource extends CompleteReport {
  /** Path below the root, decoded. */
  readonly path: string;
  /** Of the version inspected, as `/files` sends it. */
  readonly etag: string;
  readonly links: Readonly<
    Record<'self' | 'file' | 'stream' | 'entry', string> & {
      subtitles?: string;
      /** Where there is a picture to make one of. */
      thumbnail?: string;
    }
  >;
}

/** What a media file says of itself, what is wrong with it, and where it plays. */
@Controller('api/v1/inspections')
@Requires('read')
@UseInterceptors(PrivateCacheInterceptor)
export class InspectionsController {
  constructor(
    private readonly inspections: MediaInspectionService,
    private readonly pictures: Pictures,
  ) {}

  @Get('*path')
  @Header('Cache-Control', 'no-cache')
  async get(
    @Param('path', RequestedPathPipe) { key, asFolder }: RequestedPath,
    @CurrentPrincipal() { rules }: Principal,
    @UrlPrefix() prefix: string,
  ): Promise<InspectionResource> {
    if (asFolder) throw new StorageError('is-folder');
    const { etag, report } = await this.inspections.inspect(key);
    const links = {
      self: prefix + inspectionUrl(key),
      file: prefix + fileUrl(key),
      stream: prefix + streamUrl(key),
      entry: prefix + entryUrl(key),
      ...(isPlayable(mediaTypeOf(key)) && { subtitles: prefix + subtitlesUrl(key) }),
      ...((await this.pictures.hasFile(key, report, rules)) && { thumbnail: prefix + thumbnailUrl(key) }),
    };
    return { path: key, etag, links, ...report };
  }
}
