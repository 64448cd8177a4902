import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Requires } from '../auth/requires.decorator.js';
import { preferredCoding } from '../core/http/index.js';
import { PageBuild, type BuiltFile } from './page-build.js';
import { sendPage } from './send-page.js';

/** The name of an asset has a digest of what is in it: under this name there is never anything else. */
const FOREVER = 'public, max-age=31536000, immutable';

/** The files that the web page is made of. */
@Controller()
@Requires('nothing')
export class AssetsController {
  constructor(private readonly build: PageBuild) {}

  @Get('assets/:name')
  async asset(
    @Param('name') name: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    send(request, response, await this.build.asset(name), FOREVER);
  }

  @Get('favicon.ico')
  async icon(@Req() request: Request, @Res() response: Response): Promise<void> {
    send(request, response, await this.build.beside('favicon.ico'), 'no-cache');
  }

  @Get('favicon.svg')
  async vectorIcon(@Req() request: Request, @Res() response: Response): Promise<void> {
    send(request, response, await this.build.beside('favicon.svg'), 'no-cache');
  }
}

/** In the coding that the client likes best of those that there are. */
function send(
  request: Request,
  response: Response,
  { contentType, identity, coded }: BuiltFile,
  cacheControl: string,
): void {
  const coding = preferredCoding(request.headers['accept-encoding'], coded.keys());
  response.vary('Accept-Encoding');
  sendPage(request, response, coding === 'identity' ? identity : coded.get(coding)!, cacheControl, {
    'Content-Type': contentType,
    'Cross-Origin-Resource-Policy': 'same-origin',
    ...(coding !== 'identity' && { 'Content-Encoding': coding }),
  });
}
