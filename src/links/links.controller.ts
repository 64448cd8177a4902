import { Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AccessControl } from '../auth/access-control.js';
import { Accounts } from '../auth/accounts.js';
import { Audit } from '../auth/audit.js';
import { challengeFor } from '../auth/challenge.js';
import { Clients } from '../auth/clients.js';
import type { AuthorizedRequest } from '../auth/principal.js';
import { readJson } from '../auth/read-json.js';
import { Requires } from '../auth/requires.decorator.js';
import { ROOT_KEY, type ObjectKey } from '../core/path/index.js';
import { ProblemError } from '../core/problem/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';
import type { LinkRecord, LinkUse } from './link-record.js';
import { parseLinkRequest } from './link-request.js';
import { toLinkResource, type LinkResource } from './link-resource.js';
import { invalidMembers } from './invalid-members.js';
import { Links } from './links.service.js';
import { originOf } from './origin-of.js';

/** Bytes of a request for a link. */
const LIMIT = 16_384;
/** Uses that only a file has, and that only a folder has. */
const OF_FILES: readonly LinkUse[] = ['file', 'stream'];
const OF_FOLDERS: readonly LinkUse[] = ['playlist'];

/** Links that open a file or folder to whoever has them: made, listed and revoked by those who can log in. */
@Controller('api/v1/links')
@Requires('anyone')
export class LinksController {
  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly links: Links,
    private readonly access: AccessControl,
    private readonly accounts: Accounts,
    private readonly clients: Clients,
    private readonly audit: Audit,
  ) {}

  @Post()
  @HttpCode(201)
  @Header('Cache-Control', 'no-store')
  async make(
    @Req() request: AuthorizedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LinkResource> {
    const maker = this.#nameOf(request);
    const { key, use, expires, download } = parseLinkRequest(
      await readJson(request, LIMIT),
      Math.floor(Date.now() / 1000),
    );
    this.#demandAll(request, key);
    const { kind } = await this.storage.stat(key);
    const wanted = { path: key, maker, expires, download, use: useFor(kind, use) };
    const record = await this.links.make(wanted);
    this.audit.record(request, { action: 'link', outcome: 'done', path: key, reason: `made ${record.id}` });
    response.setHeader('Location', `/api/v1/links/${record.id}`);
    return this.#describe(record, request);
  }

  /** One's own; all of them for who may administer everything. */
  @Get()
  @Header('Cache-Control', 'no-store')
  async list(@Req() request: AuthorizedRequest): Promise<{ readonly links: readonly LinkResource[] }> {
    const records = await this.#visibleTo(request);
    return { links: await Promise.all(records.map((record) => this.#describe(record, request))) };
  }

  @Get(':id')
  @Header('Cache-Control', 'no-store')
  async get(@Req() request: AuthorizedRequest, @Param('id') id: string): Promise<LinkResource> {
    return this.#describe(await this.#find(request, id), request);
  }

  @Delete(':id')
  @HttpCode(204)
  async revoke(@Req() request: AuthorizedRequest, @Param('id') id: string): Promise<void> {
    const record = await this.#find(request, id);
    await this.links.revoke(record.id);
    this.audit.record(request, {
      action: 'link',
      outcome: 'done',
      path: record.path,
      reason: `revoked ${record.id}`,
    });
  }

  /** @throws ProblemError not-found, for those of others too */
  async #find(request: AuthorizedRequest, id: string): Promise<LinkRecord> {
    const record = (await this.#visibleTo(request)).find((one) => one.id === id);
    if (!record) throw new ProblemError('not-found', 'There is no such link, or not any more.');
    return record;
  }

  async #visibleTo(request: AuthorizedRequest): Promise<readonly LinkRecord[]> {
    const name = this.#nameOf(request);
    const isAdmin = request.principal!.rules.may('admin', ROOT_KEY);
    return (await this.links.live()).filter(({ maker }) => isAdmin || maker === name);
  }

  async #describe(record: LinkRecord, request: AuthorizedRequest): Promise<LinkResource> {
    return toLinkResource(record, await this.links.prefixOf(record), originOf(this.clients, request));
  }

  /** What everybody may read needs no link, and one of nobody's could not be taken away from them. */
  #nameOf(request: AuthorizedRequest): string {
    const { name } = request.principal!;
    if (name !== null) return name;
    if (this.accounts.isEmpty)
      throw new ProblemError(
        'forbidden',
        'Nobody can log in here, and links are made by users. What everybody may read needs none.',
      );
    throw new ProblemError('unauthenticated', 'This takes a name and a password.', {
      headers: { 'WWW-Authenticate': challengeFor(request) },
    });
  }

  #demandAll(request: AuthorizedRequest, key: ObjectKey): void {
    this.access.demand(request, 'read', key);
    if (request.principal!.rules.mayThroughout('read', key)) return;
    throw new ProblemError(
      'forbidden',
      'Parts of this folder are closed to you. Make links for what is below it.',
    );
  }
}

/** @throws ProblemError validation-failed */
function useFor(kind: 'file' | 'folder', use: LinkUse | undefined): LinkUse {
  if (use === undefined) return kind === 'file' ? 'file' : 'entries';
  const isFit = !(kind === 'file' ? OF_FOLDERS : OF_FILES).includes(use);
  if (isFit) return use;
  const detail =
    kind === 'file' ? 'is for folders, and this is a file' : 'is for files, and this is a folder';
  throw invalidMembers('Some members of the body are wrong; `errors` says which and why.', [
    { property: 'use', constraints: { detail } },
  ]);
}
