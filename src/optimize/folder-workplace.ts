import { constants } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import path from 'node:path';
import { temporaryName } from '../storage/drivers/local-disk/temporary-name.js';
import type { TemporaryFile, Workplace } from '../storage/storage-driver.js';

/** Work in a folder in which nobody else of us works; what a crash leaves there, a later run removes. */
export function folderWorkplace(folder: string): Workplace {
  return {
    createTemporary: () => createTemporary(folder),
    exclusively: (action) => action(),
    // A later run finds the file under both names, and goes on from there.
    noteSecondName: () => Promise.resolve(() => Promise.resolve()),
  };
}

async function createTemporary(folder: string): Promise<TemporaryFile> {
  const file = path.join(folder, temporaryName('optimize'));
  const { O_CREAT, O_EXCL, O_WRONLY } = constants;
  const handle = await open(file, O_CREAT | O_EXCL | O_WRONLY, 0o600);
  return {
    path: file,
    handle,
    end: async () => {
      await handle.close().catch(() => undefined);
      await unlink(file).catch(() => undefined);
    },
  };
}
