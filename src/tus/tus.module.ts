import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { ChangesModule } from '../changes/changes.module.js';
import { TusController } from './tus.controller.js';
import { TusHeadersMiddleware } from './tus-headers.middleware.js';
import { UploadStore } from './upload-store.js';
import { UploadSweeper } from './upload-sweeper.js';
import { Uploads } from './uploads.js';

@Module({
  imports: [ChangesModule],
  controllers: [TusController],
  providers: [UploadStore, Uploads, UploadSweeper],
})
export class TusModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(TusHeadersMiddleware).forRoutes('api/v1/uploads', 'api/v1/uploads/:id');
  }
}
