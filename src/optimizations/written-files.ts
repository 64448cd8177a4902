import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { AuthorizedRequest } from '../auth/principal.js';
import { Changes } from '../changes/changes.js';
import { AppConfig } from '../config/app-config.js';
import type { ObjectKey } from '../core/path/index.js';
import { MediaInspectionService } from '../media/media-inspection.service.js';
import { OptimizationsService } from './optimizations.service.js';

/** How many files may wait. */
const MOST_WAITING = 1000;

/**
 * Looks at every file that was written, one after the other and when nobody waits for it, so that its report is there when
 * somebody asks. With `optimizeUploads` those that a repair makes playable are rewritten.
 */
@Injectable()
export class WrittenFiles implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Optimizations');
  /** With who wrote them; without a request they are looked at and no more. */
  readonly #waiting = new Map<ObjectKey, AuthorizedRequest | undefined>();
  #isBusy = false;

  constructor(
    private readonly changes: Changes,
    private readonly inspections: MediaInspectionService,
    private readonly optimizations: OptimizationsService,
    private readonly config: AppConfig,
  ) {}

  onModuleInit(): void {
    this.changes.onWritten(({ key }, request) => this.#add(key, request));
  }

  onModuleDestroy(): void {
    this.#waiting.clear();
  }

  #add(key: ObjectKey, request?: AuthorizedRequest): void {
    if (this.#waiting.size >= MOST_WAITING && !this.#waiting.has(key))
      return this.logger.debug(`/${key} is not looked at: too many files were written at once`);
    this.#waiting.set(key, request);
    if (this.#isBusy) return;
    this.#isBusy = true;
    setImmediate(() => void this.#work());
  }

  async #work(): Promise<void> {
    for (const [key, request] of this.#waiting) {
      this.#waiting.delete(key);
      try {
        await this.#look(key, request);
      } catch (error) {
        // No media, most often; or it is gone again.
        this.logger.debug(`/${key} was not inspected: ${(error as Error).message}`);
      }
    }
    this.#isBusy = false;
  }

  async #look(key: ObjectKey, request?: AuthorizedRequest): Promise<void> {
    const { report } = await this.inspections.inspect(key);
    if (!request || this.config.optimizeUploads === 'off') return;
    if (!report.repairs.some(({ state }) => state === 'applied')) return;
    const job = this.optimizations.addWritten(request, key);
    void job?.work.ended.then(() => {
      if (job.work.state === 'done') this.#add(key);
    });
  }
}
