import type { ObjectKey } from '../../../core/path/index.js';
import type { HeldFile } from '../../storage-driver.js';
import { StorageError } from '../../storage-error.js';
import { findTarget, occupantOf, type Target } from './target.js';
import { Temporary } from './temporary.js';
import type { WriteContext } from './write-context.js';

/** As `StorageDriver.holdFile`. @throws what `node:fs` throws, besides */
export async function holdFile(context: WriteContext, key: ObjectKey): Promise<HeldFile> {
  context.served.refuse(key);
  const target = await findTarget(context.served, key, true);
  try {
    const { kind } = await occupantOf(target);
    if (kind !== 'file') throw new StorageError(kind === 'folder' ? 'is-folder' : 'missing');
    return heldFile(context, target);
  } catch (error) {
    await target.folder.close();
    throw error;
  }
}

function heldFile({ journal, locks }: WriteContext, { folder, name }: Target): HeldFile {
  const at = (other: string) => ({ folder: folder.actual, name: other });
  return {
    path: folder.at(name),
    // Beside the file: there a name can be given whatever is mounted where, and the journal knows of it.
    createTemporary: async () => {
      const temporary = await Temporary.beside(journal, folder);
      try {
        await temporary.makeFile();
        return temporary;
      } catch (error) {
        await temporary.end();
        throw error;
      }
    },
    // The lock under which everybody else gives and takes this name.
    exclusively: (action) =>
      locks.run([folder.identify(name)], async () => {
        await folder.check();
        return action();
      }),
    noteSecondName: (second) => journal.note({ kind: 'move', from: at(second), to: at(name) }),
    release: () => folder.close(),
  };
}
