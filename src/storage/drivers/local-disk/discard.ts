import { rename } from 'node:fs/promises';
import type { ObjectKey } from '../../../core/path/index.js';
import { newDiscardedId } from '../../discarded-id.js';
import type { Discarded, DiscardOptions } from '../../storage-driver.js';
import { behindLink, checkSource, findSource, type Source } from './source.js';
import { homeFor } from './trash-home.js';
import { removeRecord, writeRecord, type TrashRecord } from './trash-record.js';
import type { WriteContext } from './write-context.js';

/**
 * As `StorageDriver.discard`. The record is on disk before the entry goes, in one step: who kills the server finds the
 * entry in its place, or whole in the trash. A record without content is removed by recovery, which the journal tells.
 * @throws what `node:fs` throws, besides
 */
export async function discardEntry(
  context: WriteContext,
  key: ObjectKey,
  { conditions, signal, by = null }: DiscardOptions,
): Promise<Discarded> {
  const source = await findSource(context.served, key);
  const { folder, name } = source;
  try {
    return await context.locks.run([folder.identify(name)], async () => {
      await checkSource(context.served, source, conditions);
      signal?.throwIfAborted();
      return putAway(context, source, key, by);
    });
  } finally {
    await folder.close();
  }
}

async function putAway(
  context: WriteContext,
  source: Source,
  key: ObjectKey,
  discardedBy: string | null,
): Promise<Discarded> {
  const discardedAt = Date.now();
  const id = newDiscardedId(discardedAt);
  const size = source.kind === 'file' ? Number(source.stats.size) : 0;
  const discarded = { id, key, kind: await kindOf(context, source), size, discardedAt, discardedBy };
  const { folder: home, top } = await homeFor(context, source.folder);
  try {
    const strike = await context.journal.note({ kind: 'trash', id });
    await moveThere(context, source, home.at(id), { ...discarded, top }).catch(async (error: unknown) => {
      await removeRecord(context, id);
      await strike();
      throw error;
    });
    await home.sync();
    await source.folder.sync();
    await strike();
    return discarded;
  } finally {
    await home.close();
  }
}

async function moveThere(
  context: WriteContext,
  { folder, name }: Source,
  to: string,
  record: TrashRecord,
): Promise<void> {
  await writeRecord(context, record);
  await rename(folder.at(name), to);
}

async function kindOf({ served }: WriteContext, { kind, folder, name }: Source): Promise<Discarded['kind']> {
  if (kind !== 'link') return kind;
  return (await behindLink(served, folder.at(name))).stats.isDirectory() ? 'folder' : 'file';
}
