import { Controller, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AccessControl } from '../auth/access-control.js';
import type { AuthorizedRequest } from '../auth/principal.js';
import { invalidBody, readJson } from '../auth/read-json.js';
import { Requires } from '../auth/requires.decorator.js';
import { membersOf } from '../changes/change-body.js';
import { whileConnected } from '../changes/while-connected.js';
import { Bulk, type OperationResult } from './bulk.js';

/** Bytes of a request, and operations in it. */
const LIMIT = 1_048_576;
const MOST = 1000;

/** Many changes by one request. */
@Controller('api/v1/entries')
export class BulkController {
  constructor(
    private readonly bulk: Bulk,
    private readonly access: AccessControl,
  ) {}

  /** Each operation is decided on its own, in the order of the list; one that fails keeps no other from being done. */
  @Post()
  @HttpCode(200)
  @Requires('anyone')
  @Header('Cache-Control', 'no-store')
  async run(
    @Req() request: AuthorizedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ readonly results: readonly OperationResult[] } | undefined> {
    // Who may delete and write nowhere has something to do here, too.
    if (!this.access.rulesNow(request).mayAnywhere('delete')) this.access.demandAnywhere(request, 'write');
    const { operations } = membersOf(await readJson(request, LIMIT), ['operations']);
    if (!Array.isArray(operations) || operations.length === 0 || operations.length > MOST)
      throw invalidBody(`must have the member operations, a list of 1 to ${MOST}`);
    const results = await whileConnected(response, (signal) => this.bulk.run(request, operations, signal));
    return results && { results };
  }
}
