import { Module } from '@nestjs/common';
import { ChangesModule } from '../changes/changes.module.js';
import { MediaModule } from '../media/media.module.js';
import { OptimizationsController } from './optimizations.controller.js';
import { OptimizationsService } from './optimizations.service.js';
import { WrittenFiles } from './written-files.js';

@Module({
  imports: [ChangesModule, MediaModule],
  controllers: [OptimizationsController],
  providers: [OptimizationsService, WrittenFiles],
})
export class OptimizationsModule {}
