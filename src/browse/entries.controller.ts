import { Controller, Get, Header, Headers, Inject, Param, Query, Res, UseInterceptors } from '@nestjs/common';
import type { Response } from 'express';
import { CurrentPrincipal } from '../auth/current-principal.decorator.js';
import { UrlPrefix } from '../auth/linked-request.js';
import type { Principal } from '../auth/principal.js';
import { PrivateCacheInterceptor } from '../auth/private-cache.interceptor.js';
import { Requires } from '../auth/requires.decorator.js';
import { AppConfig } from '../config/app-config.js';
import type { AccessRules } from '../core/access/index.js';
import type { ObjectKey } from '../core/path/index.js';
import { RequestedPathPipe, type RequestedPath } from '../files/requested-path.pipe.js';
import { entryUrl } from '../files/resource-urls.js';
import { STORAGE_DRIVER, type ObjectStat, type StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { parseCursor } from './cursor.js';
import { toEntry, type Entry } from './entry.js';
import { localeFrom } from './entry-order.js';
import { ListingQueryPipe, type ListingQuery } from './listing-query.js';
import { ListingService, type ListingPage } from './listing.service.js';
import { childKey, sightOf } from './visible.js';

/** A folder with a page of what is in it. */
export interface FolderListing extends Entry {
  readonly entries: readonly Entry[];
  /** Index of the first one; null behind a cursor, where entries may have come and gone before it. */
  readonly offset: number | null;
  readonly totals: ListingPage['totals'];
}

/** What is there: one entry, or a folder with its entries. */
@Controller('api/v1/entries')
@Requires('see')
@UseInterceptors(PrivateCacheInterceptor)
export class EntriesController {
  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly listing: ListingService,
    private readonly config: AppConfig,
  ) {}

  @Get(['', '*path'])
  @Header('Cache-Control', 'no-cache')
  async get(
    @Param('path', RequestedPathPipe) { key, asFolder }: RequestedPath,
    @Query(ListingQueryPipe) query: ListingQuery,
    @Headers('accept-language') acceptLanguage: string | undefined,
    @CurrentPrincipal() { rules }: Principal,
    @UrlPrefix() prefix: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Entry | FolderListing> {
    const stat = await this.storage.stat(key);
    const seen = sightOf(rules, key, stat);
    if (!seen || (asFolder && seen.kind === 'file')) throw new StorageError('missing');
    // Not before: what is missing then looks the same to the last field as what may not be seen.
    response.vary('Accept-Language');
    if (stat.kind === 'file') return toEntry(key, stat, rules, prefix);
    return this.#list(key, { stat, seen }, query, { acceptLanguage, rules, prefix });
  }

  async #list(
    key: ObjectKey,
    { stat, seen }: { readonly stat: FolderStat; readonly seen: ObjectStat },
    query: ListingQuery,
    { acceptLanguage, rules, prefix }: Reader,
  ): Promise<FolderListing> {
    const folder = toEntry(key, seen, rules, prefix);
    const cursor = query.cursor === undefined ? undefined : parseCursor(query.cursor);
    const page = await this.listing.page(key, stat.lastModified, {
      sort: cursor?.sort ?? query.sort ?? 'name',
      order: cursor?.order ?? query.order ?? 'asc',
      locale: cursor?.locale ?? localeFrom(acceptLanguage),
      q: query.q,
      hidden: query.hidden ?? this.config.hidden,
      limit: query.limit,
      after: cursor?.last,
      offset: query.offset,
      rules,
    });
    const entries = await Promise.all(
      page.entries.map(({ name }) => this.#entry(childKey(key, name), rules, prefix)),
    );
    return {
      ...folder,
      entries: entries.filter((entry) => entry !== undefined),
      offset: cursor ? null : (query.offset ?? 0),
      totals: page.totals,
      links: { ...folder.links, ...(page.cursor && { next: prefix + nextLink(key, query, page.cursor) }) },
    };
  }

  /** Undefined for what has gone since the folder was read. */
  async #entry(key: ObjectKey, rules: AccessRules, prefix: string): Promise<Entry | undefined> {
    const stat = await this.storage.stat(key).catch(() => undefined);
    const seen = stat && sightOf(rules, key, stat);
    return seen && toEntry(key, seen, rules, prefix);
  }
}

type FolderStat = Extract<ObjectStat, { kind: 'folder' }>;

/** Who reads the listing. */
interface Reader {
  readonly acceptLanguage: string | undefined;
  readonly rules: AccessRules;
  /** Before the paths of links. */
  readonly prefix: string;
}

function nextLink(key: ObjectKey, { q, hidden, limit }: ListingQuery, cursor: string): string {
  const query = new URLSearchParams({
    ...(q !== undefined && { q }),
    ...(hidden !== undefined && { hidden: String(hidden) }),
    limit: String(limit),
    cursor,
  });
  return `${entryUrl(key)}?${query.toString()}`;
}
