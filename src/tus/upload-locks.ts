import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '../core/problem/index.js';

/** Milliseconds in which a transfer shows that it is alive. */
const OBSERVED = 1000;
/** Milliseconds that one which is to end gets for that: what has arrived is flushed. */
const ENDING = 10_000;
/** How many others may be faster before it counts as locked. */
const ATTEMPTS = 3;

/** The sole right to work on an upload. */
export class UploadLock {
  readonly #ending = new AbortController();
  #release!: () => void;
  readonly released = new Promise<void>((resolve) => (this.#release = resolve));
  /** Bytes that have arrived under this lock. */
  received = 0;
  /** Whether more may; what has arrived is flushed otherwise, or becomes a file. */
  isReceiving = false;

  constructor(private readonly forget: () => void) {}

  /** Aborted, with a problem, when somebody else needs the upload and nothing arrives here any more. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  end(): void {
    this.#ending.abort(locked('Another request has gone on with this upload.'));
  }

  release(): void {
    this.forget();
    this.#release();
  }
}

/**
 * One request at a time works on an upload. Who comes while bytes arrive is refused. A connection that died without a
 * word looks like one that waits, so one on which nothing arrives for a second loses the upload to who comes: what it
 * had is kept.
 */
export class UploadLocks {
  readonly #held = new Map<string, UploadLock>();

  isHeld(id: string): boolean {
    return this.#held.has(id);
  }

  /**
   * @param isUrgent whether a transfer that is alive is ended too
   * @throws ProblemError upload-locked
   */
  async acquire(id: string, isUrgent = false): Promise<UploadLock> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const holder = this.#held.get(id);
      if (!holder) return this.#hold(id);
      if (!isUrgent) {
        const { received } = holder;
        if (await isReleased(holder, OBSERVED)) continue;
        if (holder.isReceiving && holder.received > received) break;
      }
      holder.end();
      if (!(await isReleased(holder, ENDING))) break;
    }
    throw locked('Another request is working on this upload. Try again in a moment.');
  }

  #hold(id: string): UploadLock {
    const lock = new UploadLock(() => this.#held.delete(id));
    this.#held.set(id, lock);
    return lock;
  }
}

async function isReleased({ released }: UploadLock, ms: number): Promise<boolean> {
  const waiting = new AbortController();
  const late = sleep(ms, false, { signal: waiting.signal }).catch(() => false);
  try {
    return await Promise.race([released.then(() => true), late]);
  } finally {
    waiting.abort();
  }
}

function locked(detail: string): ProblemError {
  return new ProblemError('upload-locked', detail, { headers: { 'Retry-After': '1' } });
}
