import { Module } from '@nestjs/common';
import { ChangesModule } from './changes/changes.module.js';
import { EntriesModule } from './entries/entries.module.js';
import { OptimizationsModule } from './optimizations/optimizations.module.js';
import { TrashModule } from './trash/trash.module.js';
import { TusModule } from './tus/tus.module.js';
import { UploadsModule } from './uploads/uploads.module.js';

/** The features that change what is stored. Loaded only where somebody may do so. */
@Module({
  imports: [ChangesModule, UploadsModule, TusModule, TrashModule, EntriesModule, OptimizationsModule],
})
export class WritingModule {}
