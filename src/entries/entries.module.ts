import { Module } from '@nestjs/common';
import { ChangesModule } from '../changes/changes.module.js';
import { TrashModule } from '../trash/trash.module.js';
import { BulkController } from './bulk.controller.js';
import { Bulk } from './bulk.js';
import { ChangeEntriesController } from './change-entries.controller.js';
import { EntryChange } from './entry-change.js';

@Module({
  imports: [ChangesModule, TrashModule],
  controllers: [ChangeEntriesController, BulkController],
  providers: [EntryChange, Bulk],
})
export class EntriesModule {}
