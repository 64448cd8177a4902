import { Controller, Get, Header, Headers, Inject, Param, Query } from '@nestjs/common';
import { Requires } from '../auth/requires.decorator.js';
import { AppConfig } from '../config/app-config.js';
import { objectKey, type ObjectKey } from '../core/path/index.js';
import { RequestedPathPipe, type RequestedPath } from '../files/requested-path.pipe.js';
import { entryUrl } from '../files/resource-urls.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { parseCursor } from './cursor.js';
import { toEntry, type Entry } from './entry.js';
import { localeFrom } from './entry-order.js';
import { ListingQueryPipe, type ListingQuery } from './listing-query.js';
import { ListingService, type ListingPage } from './listing.service.js';

/** A folder with a page of what is in it. */
export interface FolderListing extends Entry {
  readonly entries: readonly Entry[];
  readonly totals: ListingPage['totals'];
}

/** What is there: one entry, or a folder with its entries. */
@Controller('api/v1/entries')
@Requires('read')
export class EntriesController {
  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly listing: ListingService,
    private readonly config: AppConfig,
  ) {}

  @Get(['', '*path'])
  @Header('Cache-Control', 'no-cache')
  @Header('Vary', 'Accept-Language')
  async get(
    @Param('path', RequestedPathPipe) { key, asFolder }: RequestedPath,
    @Query(ListingQueryPipe) query: ListingQuery,
    @Headers('accept-language') acceptLanguage: string | undefined,
  ): Promise<Entry | FolderListing> {
    const stat = await this.storage.stat(key);
    if (stat.kind === 'folder') return this.#list(key, toEntry(key, stat), query, acceptLanguage);
    if (asFolder) throw new StorageError('missing');
    return toEntry(key, stat);
  }

  async #list(
    key: ObjectKey,
    folder: Entry,
    query: ListingQuery,
    acceptLanguage: string | undefined,
  ): Promise<FolderListing> {
    const cursor = query.cursor === undefined ? undefined : parseCursor(query.cursor);
    const page = await this.listing.page(key, Date.parse(folder.modified), {
      sort: cursor?.sort ?? query.sort ?? 'name',
      order: cursor?.order ?? query.order ?? 'asc',
      locale: cursor?.locale ?? localeFrom(acceptLanguage),
      q: query.q,
      hidden: query.hidden ?? this.config.hidden,
      limit: query.limit,
      after: cursor?.last,
    });
    const entries = await Promise.all(page.entries.map(({ name }) => this.#entry(key, name)));
    return {
      ...folder,
      entries: entries.filter((entry) => entry !== undefined),
      totals: page.totals,
      links: { ...folder.links, ...(page.cursor && { next: nextLink(key, query, page.cursor) }) },
    };
  }

  /** Undefined for what has gone since the folder was read. */
  async #entry(folder: ObjectKey, name: string): Promise<Entry | undefined> {
    const key = objectKey(folder === '' ? [name] : [...folder.split('/'), name]);
    return this.storage.stat(key).then(
      (stat) => toEntry(key, stat),
      () => undefined,
    );
  }
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
