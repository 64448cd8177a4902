import { Inject, Injectable } from '@nestjs/common';
import { ProblemError } from '../core/problem/index.js';
import type { ZipContent } from '../core/zip/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';
import { ArchivePlanner, type ArchivePlan } from './archive-planner.js';
import type { PlannedMember } from './folder-walk.js';

/** Archives under way at a time. Each keeps its plan in memory and a disk busy. */
export const MOST_ARCHIVES = 4;
/** When to try again, in seconds: a guess, since an archive takes as long as its client does. */
const RETRY_AFTER = 10;

/** An archive about to be sent. Whoever has it closes it, once. */
export interface Archive extends ArchivePlan {
  /** The caller closes the content. @throws StorageError */
  open(member: PlannedMember): Promise<ZipContent>;
  close(): void;
}

/** Prepares archives, a few at a time. */
@Injectable()
export class ArchiveService {
  #underway = 0;

  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly planner: ArchivePlanner,
  ) {}

  /** @throws ProblemError archives-busy, and as {@link ArchivePlanner.plan} */
  async prepare(...request: Parameters<ArchivePlanner['plan']>): Promise<Archive> {
    if (this.#underway >= MOST_ARCHIVES) {
      throw new ProblemError(
        'archives-busy',
        `The server is sending ${MOST_ARCHIVES} archives already. Try again in a moment.`,
        { headers: { 'Retry-After': String(RETRY_AFTER) } },
      );
    }
    this.#underway++;
    const close = () => void this.#underway--;
    try {
      const plan = await this.planner.plan(...request);
      return { ...plan, open: ({ key }) => this.storage.open(key), close };
    } catch (error) {
      close();
      throw error;
    }
  }
}
