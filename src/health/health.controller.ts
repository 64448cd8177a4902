import { Controller, Get, Header, Inject } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, type HealthCheckResult } from '@nestjs/terminus';
import { Requires } from '../auth/requires.decorator.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';

/** For supervisors and load balancers. */
@Controller('health')
@Requires('nothing')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
  ) {}

  /** The process runs and answers. */
  @Get('live')
  @Header('Cache-Control', 'no-store')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The storage can be read; otherwise 503. */
  @Get('ready')
  @Header('Cache-Control', 'no-store')
  ready(): Promise<HealthCheckResult> {
    return this.health.check([
      async () => {
        const indicator = this.indicators.check('storage');
        return this.storage.check().then(
          () => indicator.up(),
          () => indicator.down(),
        );
      },
    ]);
  }
}
