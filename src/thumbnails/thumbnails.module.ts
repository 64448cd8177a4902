import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module.js';
import { MediaModule } from '../media/media.module.js';
import { loadSharp, SHARP } from './draw.js';
import { PictureOrigins } from './picture-origins.js';
import { ThumbnailService } from './thumbnail.service.js';
import { ThumbnailStore } from './thumbnail-store.js';
import { ThumbnailsController } from './thumbnails.controller.js';

@Module({
  imports: [FilesModule, MediaModule],
  controllers: [ThumbnailsController],
  providers: [ThumbnailService, ThumbnailStore, PictureOrigins, { provide: SHARP, useValue: loadSharp }],
})
export class ThumbnailsModule {}
