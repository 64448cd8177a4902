import path from 'node:path';
import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module.js';
import { MediaModule } from '../media/media.module.js';
import { PictureOrigins } from './picture-origins.js';
import { DRAW_PROGRAM, Studio } from './studio.js';
import { ThumbnailService } from './thumbnail.service.js';
import { ThumbnailStore } from './thumbnail-store.js';
import { ThumbnailsController } from './thumbnails.controller.js';

/** Compiled, whether this is the source or what was compiled of it. */
const PROGRAM = path.join(import.meta.dirname, '../../dist/thumbnails/draw-program.js');

@Module({
  imports: [FilesModule, MediaModule],
  controllers: [ThumbnailsController],
  providers: [
    ThumbnailService,
    ThumbnailStore,
    PictureOrigins,
    Studio,
    { provide: DRAW_PROGRAM, useValue: PROGRAM },
  ],
})
export class ThumbnailsModule {}
