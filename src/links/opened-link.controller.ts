import { Controller, Get, Header, Inject, Req } from '@nestjs/common';
import { prefixOf } from '../auth/linked-request.js';
import type { AuthorizedRequest } from '../auth/principal.js';
import { Requires } from '../auth/requires.decorator.js';
import type { Entry } from '../browse/entry.js';
import { toEntry } from '../browse/entry.js';
import { sightOf } from '../browse/visible.js';
import { ProblemError } from '../core/problem/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { printSeconds } from './link-resource.js';
import { Links } from './links.service.js';

/** What a link opens, as the API tells it to who has the link. */
export interface OpenedLinkResource extends Pick<Entry, 'path' | 'name' | 'kind'> {
  /** Whether files are sent for saving only. */
  readonly download: boolean;
  /** RFC 3339, UTC. */
  readonly expires: string;
  /** All of them by the link. */
  readonly links: Readonly<Record<string, string>>;
}

/** Tells who has a link what it is for, which its token does not: the page asks this first. */
@Controller('api/v1/link')
@Requires('nothing')
export class OpenedLinkController {
  constructor(
    private readonly links: Links,
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
  ) {}

  @Get()
  @Header('Cache-Control', 'private, no-cache')
  async get(@Req() request: AuthorizedRequest): Promise<OpenedLinkResource> {
    if (request.link === undefined)
      throw new ProblemError(
        'not-found',
        'This is there by a link alone: `/l/`, its token and then this path.',
      );
    const { path: key, expires, principal } = await this.links.open(request.link);
    const seen = sightOf(principal.rules, key, await this.storage.stat(key));
    if (!seen) throw new StorageError('missing');
    const prefix = prefixOf(request);
    const { path, name, kind, links } = toEntry(key, seen, principal.rules, prefix);
    const { self, ...others } = links;
    return {
      path,
      name,
      kind,
      download: principal.link?.download ?? false,
      expires: printSeconds(expires),
      links: { page: prefix, entry: self!, ...others },
    };
  }
}
