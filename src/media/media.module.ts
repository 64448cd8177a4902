import { Module } from '@nestjs/common';
import { REPAIRS } from '../core/repairs/index.js';
import { InspectionsController } from './inspections.controller.js';
import { MediaInspectionService } from './media-inspection.service.js';
import { RepairPlans } from './repair-plans.js';
import { TagReader } from './tags/tag-reader.js';

@Module({
  controllers: [InspectionsController],
  providers: [
    MediaInspectionService,
    { provide: RepairPlans, useFactory: () => new RepairPlans(REPAIRS) },
    { provide: TagReader, useFactory: () => new TagReader() },
  ],
  exports: [MediaInspectionService, RepairPlans],
})
export class MediaModule {}
