/** What is remembered of a file, by its fingerprint. Short names: there may be thousands. */
export interface SavedFile {
  /** Bytes that it has. */
  readonly size: number;
  /** It has arrived. */
  readonly done?: boolean;
  /** The upload at the server, which has `sent` bytes and lasts until `expires` (milliseconds since 1970). */
  readonly url?: string;
  readonly sent?: number;
  readonly expires?: number;
}

/** What was chosen together, for when the page is loaded anew before all of it has arrived. */
export interface SavedBatch {
  readonly id: string;
  /** Who chose it; null for who had not logged in. */
  readonly user: string | null;
  /** Where it goes. */
  readonly folder: string;
  /** When a page last worked on it, in milliseconds since 1970; 0 when that page has gone. */
  readonly seen: number;
  readonly files: Readonly<Record<string, SavedFile>>;
}

/** A page that works on it says so more often than this, in milliseconds. */
export const SILENCE = 15_000;
/** Milliseconds after which nobody comes back for it. */
const FORGOTTEN = 7 * 24 * 3600 * 1000;
const MOST_BATCHES = 8;
const MOST_FILES = 20_000;
const PREFIX = 'playhead.uploads.';

/** Batches in the storage of the browser. What cannot be stored is not remembered. */
export class SavedBatches {
  /** @param storage asked for each time: browsers may refuse it */
  constructor(private readonly storage: () => Storage) {}

  /** Those of somebody that nobody works on, and have something left to do, the last first. Cleans up what is of no use. */
  interrupted(user: string | null, now: number): readonly SavedBatch[] {
    const all = this.#all();
    const old = all.filter(({ at }, index) => index >= MOST_BATCHES || now - at > FORGOTTEN);
    for (const { batch } of old) this.remove(batch.id);
    return all
      .filter((one) => !old.includes(one))
      .map(({ batch }) => batch)
      .filter((batch) => batch.user === user && now - batch.seen > SILENCE);
  }

  save(batch: SavedBatch, at: number): void {
    try {
      this.storage().setItem(PREFIX + batch.id, JSON.stringify({ at, batch: bounded(batch) }));
    } catch {
      // Private windows and full disks: after a reload it begins anew.
    }
  }

  remove(id: string): void {
    try {
      this.storage().removeItem(PREFIX + id);
    } catch {
      // Nothing was stored either.
    }
  }

  #all(): { readonly at: number; readonly batch: SavedBatch }[] {
    try {
      const storage = this.storage();
      return keysIn(storage)
        .flatMap((key) => parsed(storage.getItem(key)))
        .sort((one, other) => other.at - one.at);
    } catch {
      return [];
    }
  }
}

/** Whether any batch is remembered at all; for who has not loaded the rest. */
export function hasSaved(storage: () => Storage): boolean {
  try {
    return keysIn(storage()).length > 0;
  } catch {
    return false;
  }
}

function keysIn(storage: Storage): string[] {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
  return keys.filter((key) => key.startsWith(PREFIX));
}

/** How far a batch has come. */
export function summaryOf({ files }: SavedBatch): { files: number; bytes: number; sent: number } {
  const all = Object.values(files);
  const sentOf = ({ size, done, sent = 0 }: SavedFile) => (done ? size : Math.min(size, sent));
  return {
    files: all.length,
    bytes: all.reduce((sum, { size }) => sum + size, 0),
    sent: all.reduce((sum, file) => sum + sentOf(file), 0),
  };
}

/** What is known of a file that was chosen again. An upload that the server has forgotten is of no use. */
export function savedFile(batch: SavedBatch, fingerprint: string, now: number): SavedFile | undefined {
  const file = Object.hasOwn(batch.files, fingerprint) ? batch.files[fingerprint] : undefined;
  if (!file || file.done || !file.url || (file.expires ?? Infinity) > now) return file;
  return { size: file.size };
}

/** The batch without files that another has taken over; undefined when there is nothing left to do in it. */
export function without(batch: SavedBatch, fingerprints: ReadonlySet<string>): SavedBatch | undefined {
  const left = Object.entries(batch.files).filter(([fingerprint]) => !fingerprints.has(fingerprint));
  return left.some(([, { done }]) => !done) ? { ...batch, files: Object.fromEntries(left) } : undefined;
}

/** What has begun counts more than what has not. */
function bounded(batch: SavedBatch): SavedBatch {
  const all = Object.entries(batch.files);
  if (all.length <= MOST_FILES) return batch;
  const [begun, others] = [all.filter(([, { url }]) => url), all.filter(([, { url }]) => !url)];
  return { ...batch, files: Object.fromEntries([...begun, ...others].slice(0, MOST_FILES)) };
}

/** Older pages may have stored something else there. */
function parsed(text: string | null): { readonly at: number; readonly batch: SavedBatch }[] {
  try {
    const { at, batch } = JSON.parse(text ?? '') as { at: unknown; batch: Partial<SavedBatch> };
    const isBatch = typeof batch.id === 'string' && typeof batch.folder === 'string';
    if (typeof at !== 'number' || !isBatch || typeof batch.files !== 'object') return [];
    return [{ at, batch: batch as SavedBatch }];
  } catch {
    return [];
  }
}
