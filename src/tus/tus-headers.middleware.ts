import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { AppConfig } from '../config/app-config.js';
import { CHECKSUM_ALGORITHMS, TUS_EXTENSIONS, TUS_VERSION } from './protocol.js';

/** What each answer says of the protocol, those of the guard and of OPTIONS among them, which the adapter gives. */
@Injectable()
export class TusHeadersMiddleware implements NestMiddleware {
  constructor(private readonly config: AppConfig) {}

  use(request: Request, response: Response, next: NextFunction): void {
    response.setHeader('Tus-Resumable', TUS_VERSION);
    response.setHeader('Cache-Control', 'no-store');
    if (request.method === 'OPTIONS') {
      response.setHeader('Tus-Version', TUS_VERSION);
      response.setHeader('Tus-Extension', TUS_EXTENSIONS);
      response.setHeader('Tus-Checksum-Algorithm', CHECKSUM_ALGORITHMS.join(','));
      const { maxUploadSize } = this.config;
      if (maxUploadSize !== null) response.setHeader('Tus-Max-Size', String(maxUploadSize));
    }
    next();
  }
}
