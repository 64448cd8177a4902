import {
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import type { Response } from 'express';
import { AccessControl } from '../auth/access-control.js';
import type { AuthorizedRequest } from '../auth/principal.js';
import { readJson } from '../auth/read-json.js';
import { Requires } from '../auth/requires.decorator.js';
import { toEntry, type Entry } from '../browse/entry.js';
import { conflictPolicyIn, membersOf, pathIn } from '../changes/change-body.js';
import { Changes } from '../changes/changes.js';
import { whileConnected } from '../changes/while-connected.js';
import { entryUrl, trashUrl } from '../files/resource-urls.js';
import { settledStat } from '../storage/settled-stat.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';
import { Trash } from './trash.js';
import type { TrashEntry } from './trash-entry.js';
import { TrashQueryPipe, type TrashQuery } from './trash-query.js';

/** Bytes of a wish where something is to be restored. */
const LIMIT = 65_536;

export interface TrashListing {
  /** Whether what is deleted comes here. */
  readonly keeps: boolean;
  readonly entries: readonly TrashEntry[];
  readonly links: { readonly self: string; readonly next?: string };
}

/** What was deleted and is not gone. */
@Controller('api/v1/trash')
export class TrashController {
  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly trash: Trash,
    private readonly changes: Changes,
    private readonly access: AccessControl,
  ) {}

  @Get()
  @Requires({ anywhere: 'read' })
  @Header('Cache-Control', 'no-store')
  async list(
    @Query(TrashQueryPipe) { limit, cursor }: TrashQuery,
    @Req() request: AuthorizedRequest,
  ): Promise<TrashListing> {
    const { discarded, isLast } = await this.trash.page(request, cursor, limit);
    const last = isLast ? undefined : discarded.at(-1);
    return {
      keeps: this.trash.keeps,
      entries: discarded.map((one) => this.trash.describe(request, one)),
      links: {
        self: trashUrl(),
        ...(last && { next: `${trashUrl()}?limit=${limit}&cursor=${last.id}` }),
      },
    };
  }

  /** Removes all for good, as far as who asks may. */
  @Delete()
  @Requires({ anywhere: 'delete' })
  @Header('Cache-Control', 'no-store')
  async empty(
    @Req() request: AuthorizedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ readonly removed: number | undefined }> {
    return { removed: await whileConnected(response, (signal) => this.trash.empty(request, signal)) };
  }

  @Get(':id')
  @Requires({ anywhere: 'read' })
  @Header('Cache-Control', 'no-store')
  async get(@Param('id') id: string, @Req() request: AuthorizedRequest): Promise<TrashEntry> {
    return this.trash.describe(request, await this.trash.find(request, id));
  }

  /** Removes one for good. */
  @Delete(':id')
  @HttpCode(204)
  @Requires({ anywhere: 'delete' })
  @Header('Cache-Control', 'no-store')
  async purge(
    @Param('id') id: string,
    @Req() request: AuthorizedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const discarded = await this.trash.find(request, id);
    await whileConnected(response, () => this.changes.purge(request, discarded));
  }

  /** To where it stood, or to the path that the body names. */
  @Post(':id/restore')
  @Requires({ anywhere: 'write' })
  @Header('Cache-Control', 'no-store')
  async restore(
    @Param('id') id: string,
    @Req() request: AuthorizedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Entry | undefined> {
    const wish = membersOf(await readWish(request), ['path', 'onConflict']);
    const onConflict = conflictPolicyIn(wish.onConflict);
    const discarded = await this.trash.find(request, id);
    const to = wish.path === undefined ? discarded.key : pathIn(wish.path, 'path');
    const placed = await whileConnected(response, (signal) =>
      this.changes.restore(request, discarded, to, { onConflict, signal }),
    );
    if (!placed) return undefined;
    response.status(placed.created ? 201 : 200).setHeader('Location', entryUrl(placed.key));
    const stat = await settledStat(this.storage, placed.key);
    return toEntry(placed.key, stat, this.access.rulesNow(request));
  }
}

/** Without a body there is no wish. */
async function readWish(request: AuthorizedRequest): Promise<unknown> {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = request.headers;
  return length === '0' && coding === undefined ? {} : readJson(request, LIMIT);
}
