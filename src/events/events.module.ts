import { Module } from '@nestjs/common';
import { DEFAULT_LIMITS, EVENT_LIMITS } from './event-limits.js';
import { EventPublisher } from './event-publisher.js';
import { EventsController } from './events.controller.js';
import { FolderWatches } from './folder-watches.js';

@Module({
  controllers: [EventsController],
  providers: [EventPublisher, FolderWatches, { provide: EVENT_LIMITS, useValue: DEFAULT_LIMITS }],
  exports: [EventPublisher],
})
export class EventsModule {}
