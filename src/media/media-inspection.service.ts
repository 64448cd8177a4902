import { Inject, Injectable } from '@nestjs/common';
import { BoundedCache } from '../core/cache/index.js';
import { formatEntityTag } from '../core/http/index.js';
import { inspectMedia } from '../core/media/index.js';
import type { ObjectKey } from '../core/path/index.js';
import { ProblemError } from '../core/problem/index.js';
import { Metrics } from '../metrics/metrics.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { type Completed, completeReport, type CompleteReport } from './complete-report.js';
import { RepairPlans } from './repair-plans.js';
import { TagReader } from './tags/tag-reader.js';

/** Characters of JSON that remembered reports may have together. */
const REMEMBERED = 16 * 2 ** 20;

/** A report with its verdict, and the version of the file it is about. */
export interface Inspection {
  readonly etag: string;
  readonly report: CompleteReport;
}

/** Media reports of stored files with repairs and verdicts, each made once for a version, however many ask for it at the same time. */
@Injectable()
export class MediaInspectionService {
  readonly #reports = new BoundedCache<Completed>(REMEMBERED);

  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly plans: RepairPlans,
    private readonly tags: TagReader,
    private readonly metrics: Metrics,
  ) {}

  /**
   * @throws StorageError as the driver has it, reason `is-folder` for a folder; ProblemError not-inspectable when the
   * file is no media.
   */
  async inspect(key: ObjectKey): Promise<Inspection> {
    const stat = await this.storage.stat(key);
    if (stat.kind === 'folder') throw new StorageError('is-folder');
    const etag = formatEntityTag(stat.validators.etag);
    const id = `${etag}/${key}`;
    if (this.#reports.get(id)) this.metrics.inspections.inc({ outcome: 'cached' });
    const { report } = await this.#reports.share(
      id,
      () => this.#make(key),
      (made) => (made.conclusive ? JSON.stringify(made.report).length : Infinity),
    );
    return { etag, report };
  }

  /** The report of a version, if it was made lately. */
  known(key: ObjectKey, etag: string): CompleteReport | undefined {
    return this.#reports.get(`${etag}/${key}`)?.report;
  }

  async #make(key: ObjectKey): Promise<Completed> {
    const stopTimer = this.metrics.inspectionSeconds.startTimer();
    const object = await this.storage.open(key);
    try {
      const report = await inspectMedia(object.source);
      this.metrics.inspections.inc({ outcome: report ? 'made' : 'no-media' });
      if (!report) {
        throw new ProblemError(
          'not-inspectable',
          'The bytes of this file are in no media container that is known here.',
        );
      }
      const repaired = this.plans.get(object);
      return await completeReport(object.source, report, { repaired, tags: this.tags });
    } finally {
      stopTimer();
      await object.close();
    }
  }
}
