import { canRetry, type Item } from './item.ts';
import { KnownNames } from './known-names.ts';
import { savedFile, type SavedBatch, type SavedBatches, type SavedFile, without } from './saved.ts';
import { namesIn } from './server.ts';

/** What was chosen together. */
export interface Batch {
  readonly id: string;
  readonly folder: string;
  readonly user: string | null;
  readonly names: KnownNames;
  /** Of interrupted batches, what was chosen again. */
  readonly takenOver: Set<string>;
  /** Empty folders, to be made at the end. */
  readonly folders: string[];
  /** Called off. */
  isOver: boolean;
}

/** A batch of what somebody has chosen now. @param user null for who has not logged in */
export function batchFor(folder: string, user: string | null): Batch {
  return {
    id: crypto.getRandomValues(new Uint32Array(2)).join('-'),
    folder,
    user,
    names: new KnownNames(folder, namesIn),
    takenOver: new Set(),
    folders: [],
    isOver: false,
  };
}

/** Remembers batches that are under way. */
export function saveBatch(
  saved: SavedBatches,
  { id, folder, user }: Batch,
  items: readonly Item[],
  seen: number,
): void {
  const own = items.filter((item) => item.batch === id && isWorthSaving(item));
  const isOver = own.every(({ state, url }) => state === 'done' || (state === 'failed' && !url));
  if (isOver) return saved.remove(id);
  const files = Object.fromEntries(own.map((item) => [item.fingerprint, toSaved(item)]));
  saved.save({ id, user, folder, seen, files }, Date.now());
}

/** What failed for its name fails again. */
function isWorthSaving(item: Item): boolean {
  return item.state === 'failed' ? canRetry(item) || item.url !== undefined : item.state !== 'skipped';
}

function toSaved({ size, state, url, sent, expires }: Item): SavedFile {
  if (state === 'done') return { size, done: true };
  if (!url) return { size };
  return { size, url, sent, ...(expires !== undefined && { expires }) };
}

/** What an interrupted batch knows of a file that was chosen again. */
export function findSaved(batches: readonly SavedBatch[], fingerprint: string): SavedFile | undefined {
  for (const batch of batches) {
    const file = savedFile(batch, fingerprint, Date.now());
    if (file) return file;
  }
  return undefined;
}

/** Takes files that are on their way again out of interrupted batches. @returns what is left of those */
export function takeOver(
  saved: SavedBatches,
  batches: readonly SavedBatch[],
  fingerprints: ReadonlySet<string>,
): readonly SavedBatch[] {
  return batches.flatMap((batch) => {
    if (!Object.keys(batch.files).some((key) => fingerprints.has(key))) return [batch];
    const left = without(batch, fingerprints);
    if (left) saved.save(left, Date.now());
    else saved.remove(batch.id);
    return left ? [left] : [];
  });
}
