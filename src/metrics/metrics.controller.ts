import { Controller, Get, Header, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Requires } from '../auth/requires.decorator.js';
import { AppConfig } from '../config/app-config.js';
import { ProblemError } from '../core/problem/index.js';
import { Metrics } from './metrics.js';

/** Metrics on the public port, unless the setting moves or removes them. */
@Controller('metrics')
@Requires('nothing')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly config: AppConfig,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async get(@Res({ passthrough: true }) response: Response): Promise<string> {
    if (this.config.metrics !== 'public')
      throw new ProblemError('not-found', 'Metrics are not served on this port.');
    const { type, text } = await this.metrics.print();
    response.setHeader('Content-Type', type);
    return text;
  }
}
