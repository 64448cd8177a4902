import { Controller, Get, Header, Param, UseInterceptors } from '@nestjs/common';
import { UrlPrefix } from '../auth/linked-request.js';
import { PrivateCacheInterceptor } from '../auth/private-cache.interceptor.js';
import { Requires } from '../auth/requires.decorator.js';
import { mediaTypeOf } from '../core/http/index.js';
import { RequestedPathPipe, type RequestedPath } from '../files/requested-path.pipe.js';
import { entryUrl, fileUrl, inspectionUrl, streamUrl, subtitlesUrl } from '../files/resource-urls.js';
import { StorageError } from '../storage/storage-error.js';
import type { CompleteReport } from './complete-report.js';
import { MediaInspectionService } from './media-inspection.service.js';

/** A media report with where it comes from. */
export interface InspectionResource extends CompleteReport {
  /** Path below the root, decoded. */
  readonly path: string;
  /** Of the version inspected, as `/files` sends it. */
  readonly etag: string;
  readonly links: Readonly<
    Record<'self' | 'file' | 'stream' | 'entry', string> & Partial<Record<'subtitles', string>>
  >;
}

/** What may have subtitles: no pictures. */
const PLAYABLE = /^(?:video|audio)\//;

/** What a media file says of itself, what is wrong with it, and where it plays. */
@Controller('api/v1/inspections')
@Requires('read')
@UseInterceptors(PrivateCacheInterceptor)
export class InspectionsController {
  constructor(private readonly inspections: MediaInspectionService) {}

  @Get('*path')
  @Header('Cache-Control', 'no-cache')
  async get(
    @Param('path', RequestedPathPipe) { key, asFolder }: RequestedPath,
    @UrlPrefix() prefix: string,
  ): Promise<InspectionResource> {
    if (asFolder) throw new StorageError('is-folder');
    const { etag, report } = await this.inspections.inspect(key);
    const links = {
      self: prefix + inspectionUrl(key),
      file: prefix + fileUrl(key),
      stream: prefix + streamUrl(key),
      entry: prefix + entryUrl(key),
      ...(PLAYABLE.test(mediaTypeOf(key)) && { subtitles: prefix + subtitlesUrl(key) }),
    };
    return { path: key, etag, links, ...report };
  }
}
