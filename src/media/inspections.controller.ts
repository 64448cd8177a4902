import { Controller, Get, Header, Param, UseInterceptors } from '@nestjs/common';
import { CurrentPrincipal } from '../auth/current-principal.decorator.js';
import { UrlPrefix } from '../auth/linked-request.js';
import type { Principal } from '../auth/principal.js';
import { PrivateCacheInterceptor } from '../auth/private-cache.interceptor.js';
import { Requires } from '../auth/requires.decorator.js';
import { mediaTypeOf } from '../core/http/index.js';
import type { AccessRules } from '../core/access/index.js';
import { baseName, type ObjectKey } from '../core/path/index.js';
import { isDrawable } from '../core/picture/index.js';
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
import { SidecarPictures } from './sidecar-pictures.js';

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

/** What may have subtitles: no pictures. */
const PLAYABLE = /^(?:video|audio)\//;

/** What a media file says of itself, what is wrong with it, and where it plays. */
@Controller('api/v1/inspections')
@Requires('read')
@UseInterceptors(PrivateCacheInterceptor)
export class InspectionsController {
  constructor(
    private readonly inspections: MediaInspectionService,
    private readonly sidecars: SidecarPictures,
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
      ...(PLAYABLE.test(mediaTypeOf(key)) && { subtitles: prefix + subtitlesUrl(key) }),
      ...((await this.#hasPicture(key, report, rules)) && { thumbnail: prefix + thumbnailUrl(key) }),
    };
    return { path: key, etag, links, ...report };
  }

  /** Whether a thumbnail can be made, for this reader: of the file itself, its tags or a picture beside it. */
  async #hasPicture(key: ObjectKey, { metadata }: CompleteReport, rules: AccessRules): Promise<boolean> {
    const mediaType = mediaTypeOf(baseName(key));
    if (!/^(?:audio|video)\//.test(mediaType)) return isDrawable(mediaType);
    if (metadata?.cover && isDrawable(metadata.cover.mediaType)) return true;
    return (await this.sidecars.ofFile(key, mediaType, rules)) !== undefined;
  }
}
