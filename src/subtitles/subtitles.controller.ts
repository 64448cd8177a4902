import { Controller, Get, Header, Param, Query, Req, Res, UseFilters, UseInterceptors } from '@nestjs/common';
import type { Response } from 'express';
import { prefixOf } from '../auth/linked-request.js';
import type { AuthorizedRequest } from '../auth/principal.js';
import { PrivateCacheInterceptor } from '../auth/private-cache.interceptor.js';
import { Requires } from '../auth/requires.decorator.js';
import type { AccessRules } from '../core/access/index.js';
import { baseName, type ObjectKey } from '../core/path/index.js';
import type { SubtitleFormat } from '../core/webvtt/index.js';
import { RepresentationSender } from '../files/representation-sender.js';
import { RequestedPathPipe, type RequestedPath } from '../files/requested-path.pipe.js';
import { fileUrl, webVttUrl } from '../files/resource-urls.js';
import { untilGone } from '../files/until-gone.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { StorageError } from '../storage/storage-error.js';
import type { Sidecar } from './sidecars.js';
import type { SubtitleName } from './subtitle-name.js';
import { SubtitlesService } from './subtitles.service.js';
import { WebVttQueryPipe, type WebVttQuery } from './webvtt-query.js';

/** A subtitle file as the API tells it. */
export interface SubtitleResource extends SubtitleName {
  readonly path: string;
  readonly name: string;
  readonly format: SubtitleFormat;
  /** `file` only where it may be read by itself: not by a link to the film alone. */
  readonly links: Readonly<{ webvtt: string; file?: string }>;
}

/** The subtitle files of a film or recording. */
@Controller('api/v1/subtitles')
@Requires('read')
@UseInterceptors(PrivateCacheInterceptor)
export class SubtitlesController {
  constructor(private readonly subtitles: SubtitlesService) {}

  @Get('*path')
  @Header('Cache-Control', 'no-cache')
  async list(
    @Param('path', RequestedPathPipe) { key, asFolder }: RequestedPath,
    @Req() request: AuthorizedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ readonly path: string; readonly subtitles: readonly SubtitleResource[] }> {
    if (asFolder) throw new StorageError('is-folder');
    const principal = request.principal!;
    const found = await untilGone(response, (signal) => this.subtitles.list(key, principal, signal));
    const reader = { rules: principal.rules, prefix: prefixOf(request) };
    return { path: key, subtitles: (found ?? []).map((sidecar) => toResource(sidecar, key, reader)) };
  }
}

/** Subtitle files in the form that browsers show. */
@Controller('api/v1/webvtt')
@Requires('read')
@UseFilters(ProblemFilter)
export class WebVttController {
  constructor(
    private readonly subtitles: SubtitlesService,
    private readonly sender: RepresentationSender,
  ) {}

  @Get('*path')
  async get(
    @Param('path', RequestedPathPipe) { key, asFolder }: RequestedPath,
    @Query(WebVttQueryPipe) { offset, sidecar }: WebVttQuery,
    @Req() request: AuthorizedRequest,
    @Res() response: Response,
  ): Promise<void> {
    if (asFolder) throw new StorageError('is-folder');
    const principal = request.principal!;
    const representation = await untilGone(response, async (signal) => {
      const subtitles =
        sidecar === undefined ? key : (await this.subtitles.find(key, sidecar, principal, signal)).key;
      return this.subtitles.open(subtitles, Math.round(offset * 1000), signal);
    });
    if (!representation) return;
    const asAttachment = principal.link?.download ?? false;
    this.sender.send(request, response, { ...representation, asAttachment });
  }
}

function toResource(
  { key, format, language, label, forced, hearingImpaired, default: isDefault }: Sidecar,
  film: ObjectKey,
  { rules, prefix }: { readonly rules: AccessRules; readonly prefix: string },
): SubtitleResource {
  const isReadable = rules.may('read', key);
  return {
    path: key,
    name: baseName(key),
    format,
    language,
    label,
    forced,
    hearingImpaired,
    default: isDefault,
    links: {
      webvtt: prefix + (isReadable ? webVttUrl(key) : webVttUrl(film, key)),
      ...(isReadable && { file: prefix + fileUrl(key) }),
    },
  };
}
