import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Pace } from './app.pace.js';
import { ArchivesModule } from './archives/archives.module.js';
import { AuthModule } from './auth/auth.module.js';
import { mayBeChanged } from './auth/everybody.js';
import { BrowseModule } from './browse/browse.module.js';
import type { AppConfig } from './config/app-config.js';
import { ConfigModule } from './config/config.module.js';
import { DocsModule } from './docs/docs.module.js';
import { EventsModule } from './events/events.module.js';
import { FilesModule } from './files/files.module.js';
import { HealthModule } from './health/health.module.js';
import { LinksModule } from './links/links.module.js';
import { LoggingModule } from './logging/logging.module.js';
import { MediaModule } from './media/media.module.js';
import type { Metrics } from './metrics/metrics.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { PagesModule } from './pages/pages.module.js';
import { ProblemModule } from './problem/problem.module.js';
import { StreamModule } from './stream/stream.module.js';
import { StorageModule } from './storage/storage.module.js';
import { SubtitlesModule } from './subtitles/subtitles.module.js';
import { ThumbnailsModule } from './thumbnails/thumbnails.module.js';

/** Wiring only. */
@Module({})
export class AppModule {
  static forRoot(config: AppConfig, logger: Logger, metrics: Metrics, pace: Pace): DynamicModule {
    return {
      module: AppModule,
      imports: [
        // Routes are tried in this order: what is asked for most comes first.
        FilesModule,
        StreamModule,
        ConfigModule.forRoot(config),
        LoggingModule.forRoot(logger),
        MetricsModule.forRoot(metrics),
        StorageModule.forRoot(pace.watch),
        AuthModule,
        ProblemModule,
        HealthModule,
        DocsModule,
        PagesModule,
        BrowseModule,
        ArchivesModule,
        EventsModule.forRoot(pace.events),
        MediaModule,
        SubtitlesModule,
        ThumbnailsModule,
        LinksModule,
        // Off by default: a server that nothing may be changed on has no routes to change it by.
        ...(mayBeChanged(config)
          ? [import('./app.writing.js').then(({ WritingModule: module }) => ({ module }))]
          : []),
      ],
    };
  }
}
