import path from 'node:path';
import { readlink } from 'node:fs/promises';
import { parentKey, type ObjectKey } from '../../../core/path/index.js';
import type { CopyOptions, DiscardedId, Placed } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { openDiscarded, type FoundDiscarded } from './discarded.js';
import { moveSource } from './move.js';
import { kindOf, type Source } from './source.js';
import { refuseStrayLinks } from './stray-links.js';
import { findTarget } from './target.js';
import { removeRecord } from './trash-record.js';
import type { WriteContext } from './write-context.js';

/**
 * As `StorageDriver.restore`. The record goes when the entry has its place: who kills the server in between leaves a record
 * without content, which is not listed, and removed by recovery.
 * @throws what `node:fs` throws, besides
 */
export async function restoreEntry(
  context: WriteContext,
  id: DiscardedId,
  to: ObjectKey,
  options: CopyOptions,
): Promise<Placed> {
  const found = await openDiscarded(context, id);
  const { home, stats } = found;
  try {
    const kind = kindOf(stats);
    if (!kind) throw new StorageError('missing');
    const source: Source = { folder: home, name: id, stats, kind, actual: path.join(home.actual, id) };
    if (kind !== 'file') await refuseStrays(context, found, to, kind);
    const strike = await context.journal.note({ kind: 'trash', id });
    const placed = await moveSource(context, source, to, options).catch(async (error: unknown) => {
      await strike();
      throw error;
    });
    await removeRecord(context, id);
    await strike();
    return placed;
  } finally {
    await home.close();
  }
}

/** From another folder than the one it was in, a relative link leads elsewhere, and so may links in a folder. */
async function refuseStrays(
  { served }: WriteContext,
  { record, home }: FoundDiscarded,
  to: ObjectKey,
  kind: 'folder' | 'link',
): Promise<void> {
  if (parentKey(to) === parentKey(record.key)) return;
  const target = await findTarget(served, to, false);
  await target.folder.close();
  const before = path.join(await served.findRoot(), record.key);
  const after = path.join(target.folder.actual, ...target.missing, target.name);
  if (kind === 'folder') return refuseStrayLinks({ folder: home.at(record.id), from: before, to: after });
  const text = await readlink(home.at(record.id));
  const leads = (from: string) => path.resolve(path.dirname(from), text);
  if (leads(before) !== leads(after)) throw new StorageError('denied');
}
