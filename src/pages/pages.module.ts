import path from 'node:path';
import { Module } from '@nestjs/common';
import { MediaModule } from '../media/media.module.js';
import { AssetsController } from './assets.controller.js';
import { PAGE_FOLDER, PageBuild } from './page-build.js';
import { PagesController } from './pages.controller.js';
import { SharePages } from './share-pages.js';

/** Where the build puts it, whether this is the source or what was compiled of it. */
const FOLDER = path.join(import.meta.dirname, '../../dist/page');

/** The web page. */
@Module({
  imports: [MediaModule],
  controllers: [PagesController, AssetsController],
  providers: [PageBuild, SharePages, { provide: PAGE_FOLDER, useValue: FOLDER }],
})
export class PagesModule {}
