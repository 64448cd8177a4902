import { Controller, Get, Headers, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Accounts } from '../auth/accounts.js';
import { Clients } from '../auth/clients.js';
import { prefixOf } from '../auth/linked-request.js';
import type { AuthorizedRequest } from '../auth/principal.js';
import { Requires } from '../auth/requires.decorator.js';
import { localeFrom } from '../browse/entry-order.js';
import { attachment } from '../core/http/index.js';
import { baseName, ROOT_KEY, type ObjectKey } from '../core/path/index.js';
import { RequestedPathPipe, type RequestedPath } from '../files/requested-path.pipe.js';
import { untilGone } from '../files/until-gone.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { Links } from './links.service.js';
import { MediaWalk } from './media-walk.js';
import { originOf } from './origin-of.js';
import { PlaylistQueryPipe, type PlaylistQuery } from './playlist-query.js';
import { PlaylistService } from './playlist.service.js';

/**
 * What VLC, mpv, Winamp and foobar2000 know M3U by (VLC compares it without parameters). The types that RFC 8216 §10
 * registers mean HLS, for which a browser would take it.
 */
const MEDIA_TYPE = 'audio/x-mpegurl';

/** Folders as playlists for players, which know neither cookies nor forms: what may not be read by all goes by a link. */
@Controller('api/v1/playlists')
@Requires('see')
export class PlaylistsController {
  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly accounts: Accounts,
    private readonly clients: Clients,
    private readonly links: Links,
    private readonly playlists: PlaylistService,
  ) {}

  @Get(['playlist.:format', '*path/playlist.:format'])
  async get(
    @Param('path', RequestedPathPipe) { key }: RequestedPath,
    @Param('format') format: string,
    @Query(PlaylistQueryPipe) { recursive }: PlaylistQuery,
    @Headers('accept-language') acceptLanguage: string | undefined,
    @Req() request: AuthorizedRequest,
    @Res() response: Response,
  ): Promise<void> {
    if (format !== 'm3u' && format !== 'm3u8') throw new StorageError('missing');
    await untilGone(response, async (signal) => {
      const { rules } = request.principal!;
      const reader = { rules, locale: localeFrom(acceptLanguage), signal };
      const { keys, isCut } = await new MediaWalk(this.storage, reader).find(key, recursive);
      const name = key === ROOT_KEY ? 'files' : baseName(key);
      const base = originOf(this.clients, request) + (await this.#prefix(request, key));
      const text = await this.playlists.print(isCut ? `${name} (the beginning)` : name, keys, base, signal);
      response.vary('Accept-Language');
      // Not by Express' `send`, which adds a charset.
      response.setHeader('Content-Type', MEDIA_TYPE);
      response.setHeader('Content-Disposition', attachment(`${name}.${format}`));
      response.setHeader('Cache-Control', 'no-store');
      response.setHeader('Content-Length', Buffer.byteLength(text));
      response.end(request.method === 'HEAD' ? undefined : text);
    });
  }

  /** Before the paths: nothing where everybody may read all of it, or where the player sends what its user has sent. */
  async #prefix(request: AuthorizedRequest, key: ObjectKey): Promise<string> {
    if (request.link !== undefined) return prefixOf(request);
    const account = this.accounts.find(request.principal!.name ?? '');
    if (!account || this.accounts.anonymous.rules.mayThroughout('read', key)) return '';
    return this.links.passingPrefix(account, key);
  }
}
