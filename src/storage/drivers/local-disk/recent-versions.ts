import type { BigIntStats } from 'node:fs';
import { isSettled } from './disk-validators.js';

interface Told {
  readonly version: string;
  /** A change within the same tick of the kernel's clock leaves no trace in the version. */
  readonly isSettled: boolean;
  /** By the clock of the process. */
  readonly at: number;
}

/** The versions of files that were told of a moment ago. */
export class RecentVersions {
  readonly #told = new Map<string, Told>();

  /** @param calm milliseconds between two changes that are told of one file */
  constructor(private readonly calm: number) {}

  told(key: string, stats: BigIntStats): void {
    this.#told.set(key, {
      version: versionOf(stats),
      isSettled: isSettled(stats, Date.now()),
      at: performance.now(),
    });
  }

  /** Milliseconds until this version may be told of; undefined when it was already. */
  waitFor(key: string, stats: BigIntStats): number | undefined {
    const told = this.#told.get(key);
    if (!told) return 0;
    if (told.isSettled && told.version === versionOf(stats)) return undefined;
    return Math.max(0, told.at + this.calm - performance.now());
  }

  forget(key: string): void {
    this.#told.delete(key);
  }

  /** Forgets what was told long ago. */
  tidy(): void {
    const before = performance.now() - this.calm;
    for (const [key, { at }] of this.#told) if (at < before) this.#told.delete(key);
  }
}

function versionOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev}-${ino}-${size}-${mtimeNs}-${ctimeNs}`;
}
