import type { BigIntStats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { ObjectKey } from '../../../core/path/index.js';
import type { Discarded, DiscardedId } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import type { PinnedFolder } from './pinned-folder.js';
import { openHome, TRASH } from './trash-home.js';
import { readRecord, recordedId, type TrashRecord } from './trash-record.js';
import type { WriteContext } from './write-context.js';

/** Records looked at together. */
const BATCH = 32;

/** Something in the trash, found. Whoever finds it closes the home. */
export interface FoundDiscarded {
  readonly record: TrashRecord;
  readonly home: PinnedFolder;
  /** Of the thing itself, links not followed. */
  readonly stats: BigIntStats;
}

/** As `StorageDriver.discarded`. @throws what `node:fs` throws, besides */
export async function* listDiscarded(
  context: WriteContext,
  before: DiscardedId | undefined,
): AsyncGenerator<Discarded> {
  const ids = await recordedIds(context);
  const wanted = ids.filter((id) => before === undefined || id < before);
  for (let start = 0; start < wanted.length; start += BATCH) {
    const batch = wanted.slice(start, start + BATCH);
    const found = await Promise.all(batch.map((id) => lookUp(context, id)));
    for (const discarded of found) if (discarded) yield discarded;
  }
}

/** As `StorageDriver.findDiscarded`. @throws {StorageError} `missing`; what `node:fs` throws, besides */
export async function findDiscarded(context: WriteContext, id: string): Promise<Discarded> {
  const discarded = await lookUp(context, id);
  if (!discarded) throw new StorageError('missing');
  return discarded;
}

/** @throws {StorageError} `missing`; what `node:fs` throws, besides */
export async function openDiscarded(context: WriteContext, id: string): Promise<FoundDiscarded> {
  const record = await readRecord(context, id);
  const home = record && isSeen(context, record.key) ? await openHome(context, record.top) : undefined;
  if (!record || !home) throw new StorageError('missing');
  try {
    const stats = await home.look(record.id);
    // A record whose content has not come yet, or has gone.
    if (!stats) throw new StorageError('missing');
    return { record, home, stats };
  } catch (error) {
    await home.close();
    throw error;
  }
}

async function lookUp(context: WriteContext, id: string): Promise<Discarded | undefined> {
  try {
    const { record, home } = await openDiscarded(context, id);
    await home.close();
    const { top: _, ...discarded } = record;
    return discarded;
  } catch (error) {
    if (error instanceof StorageError && error.reason === 'missing') return undefined;
    throw error;
  }
}

/** The latest first. */
async function recordedIds({ state }: WriteContext): Promise<DiscardedId[]> {
  const folder = await state.openExisting(TRASH);
  if (!folder) return [];
  try {
    const names = await readdir(folder.at('.'));
    return names
      .map(recordedId)
      .filter((id) => id !== undefined)
      .sort()
      .reverse();
  } finally {
    await folder.close();
  }
}

/** What was hidden is in the trash hidden too. */
function isSeen({ served }: WriteContext, key: ObjectKey): boolean {
  try {
    served.refuse(key);
    return true;
  } catch {
    return false;
  }
}
