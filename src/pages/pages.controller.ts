import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { AuthorizedRequest } from '../auth/principal.js';
import { Requires } from '../auth/requires.decorator.js';
import { PageBuild } from './page-build.js';
import { PAGE_HEADERS } from './page-headers.js';
import { sendPage } from './send-page.js';

/**
 * The addresses of the web page. All are answered by the same HTML, which holds no data: the page asks the API, and the
 * API asks who it is. So the path below `/browse` is for the page alone, and no storage is looked at.
 */
@Controller()
@Requires('nothing')
export class PagesController {
  constructor(private readonly build: PageBuild) {}

  @Get(['', 'browse', 'browse/*path', 'trash', 'links', 'login'])
  async page(@Req() request: AuthorizedRequest, @Res() response: Response): Promise<void> {
    sendPage(request, response, await this.build.indexBody(), 'no-cache', PAGE_HEADERS);
  }
}
