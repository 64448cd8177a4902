import type { BigIntStats } from 'node:fs';
import type { Validators } from '../../../core/http/index.js';
import { DiskSource, type DiskSourceOptions } from './disk-source.js';
import { diskValidators, isSettled } from './disk-validators.js';
import type { Opened } from './open-verified.js';

/**
 * One version of a file, opened once for everybody who reads it at the same time or shortly after each other. It closes
 * with its last user, or while it is kept, when it is dropped after that.
 */
export class OpenFile {
  readonly source: DiskSource;
  readonly validators: Validators;
  /** Whether a later change of the bytes is sure to show, so that others may use what is open here. */
  readonly canBeKept: boolean;
  #users = 0;
  #isKept = false;

  constructor(
    private readonly opened: Opened,
    private readonly onIdle: () => void,
    reading: (validators: Validators, size: number) => DiskSourceOptions,
  ) {
    const { stats, descriptor, whereabouts } = opened;
    const now = Date.now();
    const settled = isSettled(stats, now);
    this.canBeKept = settled && whereabouts !== undefined;
    this.validators = diskValidators(stats, now);
    const size = Number(stats.size);
    const options = reading(this.validators, size);
    this.source = new DiskSource(descriptor, size, { ...options, keepsHead: settled });
  }

  /** The number of the device it is on. */
  get device(): bigint {
    return this.opened.stats.dev;
  }

  /** Whether this is still what stands under its name, by what `stat` says of that name now. */
  isCurrent(seen: BigIntStats): boolean {
    const { stats, actual, whereabouts } = this.opened;
    return (
      seen.ino === stats.ino &&
      seen.dev === stats.dev &&
      seen.size === stats.size &&
      seen.mtimeNs === stats.mtimeNs &&
      seen.ctimeNs === stats.ctimeNs &&
      // A folder above it may have been moved out of the root and linked back in, which leaves the file as it was.
      whereabouts?.() === actual
    );
  }

  /** One more user. Returns what ends the use; ending it twice is harmless. */
  use(): () => void {
    this.#users++;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      if (--this.#users > 0) return;
      if (this.#isKept) this.onIdle();
      else void this.#close();
    };
  }

  /** Stays open without users. */
  keep(): void {
    this.#isKept = true;
  }

  /** Closes now, or with its last user. Resolves when it is closed, at once while it is used. */
  async drop(): Promise<void> {
    this.#isKept = false;
    if (this.#users === 0) await this.#close();
  }

  #close(): Promise<void> {
    // A descriptor that was only read from has nothing to lose when closing it fails.
    return this.opened.descriptor.close().catch(() => undefined);
  }
}
