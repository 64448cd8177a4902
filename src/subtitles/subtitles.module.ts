import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module.js';
import { SubtitlesController, WebVttController } from './subtitles.controller.js';
import { SubtitlesService } from './subtitles.service.js';

/** Subtitle files that lie with films: which there are, and as WebVTT. */
@Module({
  imports: [FilesModule],
  controllers: [SubtitlesController, WebVttController],
  providers: [SubtitlesService],
})
export class SubtitlesModule {}
