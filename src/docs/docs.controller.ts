import path from 'node:path';
import { Controller, Get, Header, Param, UseInterceptors } from '@nestjs/common';
import { Requires } from '../auth/requires.decorator.js';
import type { Representation } from '../core/http/index.js';
import { objectKey } from '../core/path/index.js';
import { RangeInterceptor } from '../files/range.interceptor.js';
import { representationOf } from '../files/representation-of.js';
import { LocalDiskDriver } from '../storage/drivers/local-disk/local-disk-driver.js';

const PACKAGE = path.join(import.meta.dirname, '../..');

/** Nothing from elsewhere, no inline script; the viewer styles its elements in place. */
const VIEWER_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'";

const VIEWER = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Playhead API</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<div id="viewer"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/assets/viewer.js"></script>
</html>
`;

/** The contract, and a page to read it and try it. All of it is served from the package itself. */
@Controller()
@Requires('nothing')
export class DocsController {
  private readonly contract = new LocalDiskDriver({ root: PACKAGE, hidden: false });
  private readonly assets = new LocalDiskDriver({ root: path.join(PACKAGE, 'dist/viewer'), hidden: false });

  @Get('docs')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', VIEWER_POLICY)
  @Header('Cache-Control', 'no-cache')
  viewer(): string {
    return VIEWER;
  }

  @Get('docs/assets/:name')
  @UseInterceptors(RangeInterceptor)
  async asset(@Param('name') name: string): Promise<Representation> {
    return representationOf(await this.assets.open(objectKey([name])));
  }

  @Get('openapi.yaml')
  @UseInterceptors(RangeInterceptor)
  async openapi(): Promise<Representation> {
    const object = await this.contract.open(objectKey(['openapi.yaml']));
    return representationOf(object, { mediaType: 'application/yaml' }); // RFC 9512
  }
}
