import { Module } from '@nestjs/common';
import { FilesController } from './files.controller.js';
import { StreamService } from './stream.service.js';

@Module({ controllers: [FilesController], providers: [StreamService] })
export class FilesModule {}
