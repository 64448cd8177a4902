import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module.js';
import { MediaModule } from '../media/media.module.js';
import { PlayableService } from './playable.service.js';
import { StreamController } from './stream.controller.js';

/** `/stream` of the server. */
@Module({
  imports: [FilesModule, MediaModule],
  controllers: [StreamController],
  providers: [PlayableService],
})
export class StreamModule {}
