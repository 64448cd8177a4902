import { Global, Module, type DynamicModule } from '@nestjs/common';
import { EVENT_LIMITS, type EventLimits } from './event-limits.js';
import { EventPublisher } from './event-publisher.js';
import { EventsController } from './events.controller.js';
import { FolderWatches } from './folder-watches.js';

/** Every feature that changes something may ask for `EventPublisher`. */
@Global()
@Module({})
export class EventsModule {
  static forRoot(limits: EventLimits): DynamicModule {
    return {
      module: EventsModule,
      controllers: [EventsController],
      providers: [EventPublisher, FolderWatches, { provide: EVENT_LIMITS, useValue: limits }],
      exports: [EventPublisher],
    };
  }
}
