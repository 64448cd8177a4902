import { Module } from '@nestjs/common';
import { REPAIRS } from '../core/repairs/index.js';
import { EmbeddedPictures } from './embedded-pictures.js';
import { InspectionsController } from './inspections.controller.js';
import { MediaInspectionService } from './media-inspection.service.js';
import { Pictures } from './pictures.js';
import { RepairPlans } from './repair-plans.js';
import { SidecarPictures } from './sidecar-pictures.js';
import { TagReader } from './tags/tag-reader.js';

@Module({
  controllers: [InspectionsController],
  providers: [
    MediaInspectionService,
    EmbeddedPictures,
    SidecarPictures,
    Pictures,
    { provide: RepairPlans, useFactory: () => new RepairPlans(REPAIRS) },
    { provide: TagReader, useFactory: () => new TagReader() },
  ],
  exports: [MediaInspectionService, RepairPlans, EmbeddedPictures, SidecarPictures, Pictures],
})
export class MediaModule {}
