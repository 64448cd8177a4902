import { Controller, Delete, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { AuthorizedRequest } from '../auth/principal.js';
import { readJson } from '../auth/read-json.js';
import { Requires } from '../auth/requires.decorator.js';
import { toOptimizationRequest } from './optimization-request.js';
import { optimizationUrl, toResource, type OptimizationResource } from './optimization-resource.js';
import { OptimizationsService } from './optimizations.service.js';

/** Bytes of a request. */
const LIMIT = 16_384;

/** Jobs that rewrite files on disk into their playable form. */
@Controller('api/v1/optimizations')
export class OptimizationsController {
  constructor(private readonly optimizations: OptimizationsService) {}

  @Post()
  @HttpCode(202)
  @Requires({ anywhere: 'write' })
  @Header('Cache-Control', 'no-store')
  async add(
    @Req() request: AuthorizedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OptimizationResource> {
    const wanted = toOptimizationRequest(await readJson(request, LIMIT));
    const job = await this.optimizations.request(request, wanted);
    response.setHeader('Location', optimizationUrl(job));
    return toResource(job);
  }

  @Get()
  @Requires({ anywhere: 'read' })
  @Header('Cache-Control', 'no-store')
  list(@Req() request: AuthorizedRequest): { readonly optimizations: readonly OptimizationResource[] } {
    return { optimizations: this.optimizations.list(request).map(toResource) };
  }

  @Get(':id')
  @Requires({ anywhere: 'read' })
  @Header('Cache-Control', 'no-store')
  get(@Req() request: AuthorizedRequest, @Param('id') id: string): OptimizationResource {
    return toResource(this.optimizations.get(request, id));
  }

  @Delete(':id')
  @HttpCode(200)
  @Requires({ anywhere: 'write' })
  @Header('Cache-Control', 'no-store')
  async cancel(@Req() request: AuthorizedRequest, @Param('id') id: string): Promise<OptimizationResource> {
    return toResource(await this.optimizations.cancel(request, id));
  }
}
