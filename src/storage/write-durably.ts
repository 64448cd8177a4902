import { constants } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import path from 'node:path';

const { O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;

/**
 * Replaces a small file of the server's own state: after a crash there is the old one or the new one, whole, and once this
 * has resolved the new one. For its account alone to read. One at a time for each file. @throws what `node:fs` throws
 * @param file in a folder that nobody else can write to
 */
export async function writeDurably(file: string, text: string): Promise<void> {
  const temporary = `${file}.new`;
  const handle = await open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncFolder(path.dirname(file));
}

/** Makes names that were given or taken durable. @throws what `node:fs` throws */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
