import { Controller, Header, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { AuthorizedRequest } from '../auth/principal.js';
import { invalidBody, readJson } from '../auth/read-json.js';
import { Requires } from '../auth/requires.decorator.js';
import type { Entry } from '../browse/entry.js';
import { conflictPolicyIn, membersOf, pathIn } from '../changes/change-body.js';
import { whileConnected } from '../changes/while-connected.js';
import type { ObjectKey } from '../core/path/index.js';
import { requestConditions } from '../files/representation-sender.js';
import { RequestedPathPipe, type RequestedPath } from '../files/requested-path.pipe.js';
import { EntryChange, type ChangedEntry } from './entry-change.js';

/** Bytes of what is to be done with one entry: a path has thousands at most. */
const LIMIT = 65_536;

/** Renaming, moving and copying entries, and making folders. */
@Controller('api/v1/entries')
export class ChangeEntriesController {
  constructor(private readonly change: EntryChange) {}

  /** Moves the entry to the path in the body. The conditions are for a file. */
  @Patch('*path')
  @Requires('delete')
  @Header('Cache-Control', 'no-store')
  async move(
    @Param('path', RequestedPathPipe) { key }: RequestedPath,
    @Req() request: AuthorizedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Entry | undefined> {
    const body = membersOf(await readJson(request, LIMIT), ['path', 'onConflict']);
    const to = pathIn(body.path, 'path');
    const onConflict = conflictPolicyIn(body.onConflict);
    const conditions = requestConditions(request);
    const moved = await whileConnected(response, (signal) =>
      this.change.move(request, key, to, { onConflict, conditions, signal }),
    );
    return moved && (await this.change.settle(request, moved)).entry;
  }

  /** Makes an entry of this path: a copy of another, or a folder. */
  @Post('*path')
  @HttpCode(201)
  @Requires('write')
  @Header('Cache-Control', 'no-store')
  async create(
    @Param('path', RequestedPathPipe) { key }: RequestedPath,
    @Req() request: AuthorizedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Entry | undefined> {
    const body = membersOf(await readJson(request, LIMIT), ['kind', 'copyFrom', 'onConflict']);
    const made = await whileConnected(response, (signal) => this.#create(request, key, body, signal));
    if (!made) return undefined;
    response.status(made.created ? 201 : 200).setHeader('Location', made.entry.links.self!);
    return (await this.change.settle(request, made)).entry;
  }

  #create(
    request: AuthorizedRequest,
    key: ObjectKey,
    { kind, copyFrom, onConflict }: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<ChangedEntry> {
    const isFolder = kind === 'folder' && copyFrom === undefined && onConflict === undefined;
    if (isFolder) return this.change.makeFolder(request, key);
    if (kind !== undefined)
      throw invalidBody('must be {"kind": "folder"}, or have copyFrom and maybe onConflict');
    const from = pathIn(copyFrom, 'copyFrom');
    return this.change.copy(request, from, key, { onConflict: conflictPolicyIn(onConflict), signal });
  }
}
