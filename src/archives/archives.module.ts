import { Module } from '@nestjs/common';
import { ArchivePlanner } from './archive-planner.js';
import { ArchiveService } from './archive.service.js';
import { ArchivesController } from './archives.controller.js';

@Module({ controllers: [ArchivesController], providers: [ArchiveService, ArchivePlanner] })
export class ArchivesModule {}
