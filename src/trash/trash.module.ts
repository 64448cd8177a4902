import { Module } from '@nestjs/common';
import { ChangesModule } from '../changes/changes.module.js';
import { DiscardsController } from './discards.controller.js';
import { TrashController } from './trash.controller.js';
import { TrashKeeper } from './trash-keeper.js';
import { Trash } from './trash.js';

@Module({
  imports: [ChangesModule],
  controllers: [DiscardsController, TrashController],
  providers: [Trash, TrashKeeper],
  exports: [Trash],
})
export class TrashModule {}
