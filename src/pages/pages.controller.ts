import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { AuthorizedRequest } from '../auth/principal.js';
import { Requires } from '../auth/requires.decorator.js';
import { ProblemError } from '../core/problem/index.js';
import { PageBuild, pageBody } from './page-build.js';
import { PAGE_HEADERS } from './page-headers.js';
import { sendPage } from './send-page.js';
import { NOT_LISTED, withHead } from './share-head.js';
import { SharePages } from './share-pages.js';

/**
 * The addresses of the web page. All are answered by the same HTML, which holds no data: the page asks the API, and the
 * API asks who it is. So the path below `/browse` is for the page alone, and no storage is looked at. By a link it also
 * says what the link opens, to those who preview it and run no script.
 */
@Controller()
@Requires('nothing')
export class PagesController {
  constructor(
    private readonly build: PageBuild,
    private readonly shares: SharePages,
  ) {}

  @Get(['trash', 'links', 'login'])
  async page(@Req() request: AuthorizedRequest, @Res() response: Response): Promise<void> {
    sendPage(request, response, await this.build.indexBody(), 'no-cache', PAGE_HEADERS);
  }

  @Get(['', 'browse', 'browse/*path'])
  async browse(@Req() request: AuthorizedRequest, @Res() response: Response): Promise<void> {
    if (request.link === undefined) return this.page(request, response);
    const index = await this.build.index();
    try {
      const { path } = request.params as { path?: string[] };
      const body = pageBody(Buffer.from(withHead(index, await this.shares.headFor(request, path))));
      sendPage(request, response, body, 'private, no-cache', PAGE_HEADERS);
    } catch (error) {
      if (!isRefusal(error) || !prefersHtml(request)) throw error;
      sendRefused(request, response, Buffer.from(withHead(index, NOT_LISTED)));
    }
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof ProblemError && (error.slug === 'link-invalid' || error.slug === 'link-expired');
}

function prefersHtml(request: AuthorizedRequest): boolean {
  return request.accepts(['application/problem+json', 'text/html']) === 'text/html';
}

/** The page finds out by the API that the link opens nothing, and says so to people. */
function sendRefused(request: AuthorizedRequest, response: Response, body: Buffer): void {
  response.statusCode = 403;
  for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
  response.setHeader('Cache-Control', 'no-store');
  response.vary('Accept');
  response.setHeader('Content-Length', body.length);
  response.end(request.method === 'HEAD' ? undefined : body);
}
