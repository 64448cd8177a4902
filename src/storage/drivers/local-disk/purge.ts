import { rename } from 'node:fs/promises';
import type { DiscardedId } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { openDiscarded } from './discarded.js';
import { Temporary } from './temporary.js';
import { removeRecord } from './trash-record.js';
import type { WriteContext } from './write-context.js';
import { codeOf } from './write-error.js';

/**
 * As `StorageDriver.purge`. What is removed gets a temporary name first: so it leaves the trash in one step, however long
 * it takes to remove what is in it, and recovery finishes what a crash broke off.
 * @throws what `node:fs` throws, besides
 */
export async function purgeEntry(context: WriteContext, id: DiscardedId): Promise<void> {
  const { state, journal, locks } = context;
  const { home, record } = await openDiscarded(context, id);
  try {
    await locks.run([home.identify(id)], async () => {
      const strike = await journal.note({ kind: 'trash', id });
      const temporary =
        record.top === null
          ? await Temporary.reserve(state, journal, home)
          : await Temporary.beside(journal, home);
      try {
        await rename(home.at(id), temporary.path).catch((error: unknown) => {
          throw codeOf(error) === 'ENOENT' ? new StorageError('missing', error) : error;
        });
        await home.sync();
        await removeRecord(context, id);
      } finally {
        await temporary.end();
      }
      await strike();
    });
  } finally {
    await home.close();
  }
}
