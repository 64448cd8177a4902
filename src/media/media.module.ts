import { Module } from '@nestjs/common';
import { InspectionsController } from './inspections.controller.js';
import { MediaInspectionService } from './media-inspection.service.js';

@Module({
  controllers: [InspectionsController],
  providers: [MediaInspectionService],
  exports: [MediaInspectionService],
})
export class MediaModule {}
