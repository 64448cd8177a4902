import { Controller, Delete, Get, Head, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { AuthorizedRequest } from '../auth/principal.js';
import { Requires } from '../auth/requires.decorator.js';
import { formatHttpDate } from '../core/http/index.js';
import { fileUrl } from '../files/resource-urls.js';
import { ContentError } from '../storage/read-content.js';
import { invalidField } from './invalid-field.js';
import { UPLOADS } from './protocol.js';
import { demandVersion, readChunk, readCreation, readFirstChunk } from './request-fields.js';
import type { UnfinishedUpload, Upload } from './upload.js';
import { Uploads } from './uploads.js';

/** An upload that can be gone on with. */
interface UploadResource {
  readonly id: string;
  readonly url: string;
  readonly path: string;
  readonly offset: number;
  readonly length: number | null;
  /** RFC 3339. */
  readonly expires: string;
}

/** Resumable uploads, by tus 1.0.0. */
@Controller('api/v1/uploads')
@Requires({ anywhere: 'write' })
export class TusController {
  constructor(private readonly uploads: Uploads) {}

  /** No part of the protocol: for a page that offers to go on with what was broken off. */
  @Get()
  async list(@Req() request: AuthorizedRequest): Promise<{ readonly uploads: UploadResource[] }> {
    const uploads = await this.uploads.listOwn(request);
    return { uploads: uploads.map((upload) => this.#describe(upload)) };
  }

  @Post()
  async create(@Req() request: AuthorizedRequest, @Res() response: Response): Promise<void> {
    await answer(request, response, async () => {
      const creation = readCreation(request);
      const chunk = readFirstChunk(request);
      const upload = await this.uploads.create(request, creation, chunk);
      response.setHeader('Location', `${UPLOADS}/${upload.record.id}`);
      this.#tell(response, upload);
      response.status(201).end();
    });
  }

  @Head(':id')
  async look(
    @Req() request: AuthorizedRequest,
    @Res() response: Response,
    @Param('id') id: string,
  ): Promise<void> {
    await answer(request, response, async () => {
      const upload = await this.uploads.look(request, id);
      const { length, metadata } = upload.record;
      if (length === null) response.setHeader('Upload-Defer-Length', '1');
      else response.setHeader('Upload-Length', String(length));
      if (metadata !== '') response.setHeader('Upload-Metadata', metadata);
      this.#tell(response, upload);
      response.status(200).end();
    });
  }

  @Patch(':id')
  async append(
    @Req() request: AuthorizedRequest,
    @Res() response: Response,
    @Param('id') id: string,
  ): Promise<void> {
    await answer(request, response, async () => {
      const chunk = readChunk(request);
      const upload = await this.uploads.append(request, id, chunk);
      this.#tell(response, upload);
      response.status(204).end();
    });
  }

  @Delete(':id')
  async end(
    @Req() request: AuthorizedRequest,
    @Res() response: Response,
    @Param('id') id: string,
  ): Promise<void> {
    await answer(request, response, async () => {
      await this.uploads.end(request, id);
      response.status(204).end();
    });
  }

  /** For clients that know GET and POST alone. */
  @Post(':id')
  override(
    @Req() request: AuthorizedRequest,
    @Res() response: Response,
    @Param('id') id: string,
  ): Promise<void> {
    const method = request.headers['x-http-method-override'];
    if (method === 'PATCH') return this.append(request, response, id);
    if (method === 'DELETE') return this.end(request, response, id);
    throw invalidField('X-HTTP-Method-Override', 'must be PATCH or DELETE, in a POST to an upload');
  }

  #tell(response: Response, upload: Upload): void {
    response.setHeader('Upload-Offset', String(upload.offset));
    if (upload.state === 'unfinished') {
      response.setHeader('Upload-Expires', formatHttpDate(this.uploads.expiryOf(upload)));
    } else if (upload.stored) {
      response.setHeader('Content-Location', fileUrl(upload.stored.key));
      if (upload.stored.etag !== undefined) response.setHeader('ETag', upload.stored.etag);
    }
  }

  #describe(upload: UnfinishedUpload): UploadResource {
    const { id, key, length } = upload.record;
    const expires = new Date(this.uploads.expiryOf(upload)).toISOString();
    return { id, url: `${UPLOADS}/${id}`, path: key, offset: upload.offset, length, expires };
  }
}

/** Who has gone gets no answer. */
async function answer(
  request: AuthorizedRequest,
  response: Response,
  step: () => Promise<void>,
): Promise<void> {
  try {
    demandVersion(request);
    await step();
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    response.destroy();
  }
}
