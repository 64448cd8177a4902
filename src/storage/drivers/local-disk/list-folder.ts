import type { Dirent } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import path from 'node:path';
import type { ListedObject } from '../../storage-driver.js';
import type { Descriptor } from './descriptor.js';

/** Entries looked at together: enough to keep the disk busy, few enough to take a millisecond or two. */
const BATCH = 128;

/**
 * Lists an opened folder in batches. On Linux names are looked up below the descriptor, so that a folder swapped for a
 * link meanwhile changes nothing.
 * @param options `resolve` tells what a symbolic link of this name leads to, or undefined when that may not be seen.
 */
export async function* listFolder(
  descriptor: Descriptor,
  folder: string,
  options: { isListed(name: string): boolean; resolve(name: string): Promise<ListedObject | undefined> },
): AsyncGenerator<ListedObject[]> {
  const base = process.platform === 'linux' ? `/proc/self/fd/${descriptor.fd}` : folder;
  const describe = (dirent: Dirent) =>
    dirent.isSymbolicLink() ? options.resolve(dirent.name) : describeEntry(base, dirent);
  let batch: Dirent[] = [];
  // Leaving the loop early closes the directory.
  for await (const dirent of await opendir(base, { bufferSize: BATCH })) {
    if (!options.isListed(dirent.name)) continue;
    batch.push(dirent);
    if (batch.length < BATCH) continue;
    yield (await Promise.all(batch.map(describe))).filter((entry) => entry !== undefined);
    batch = [];
  }
  yield (await Promise.all(batch.map(describe))).filter((entry) => entry !== undefined);
}

/** Undefined for what is no ordinary file or folder, and for what has vanished since the folder was read. */
async function describeEntry(base: string, { name }: Dirent): Promise<ListedObject | undefined> {
  const stats = await lstat(path.join(base, name)).catch(() => undefined);
  if (stats?.isFile()) return { name, kind: 'file', size: stats.size, lastModified: stats.mtimeMs };
  if (stats?.isDirectory()) return { name, kind: 'folder', size: 0, lastModified: stats.mtimeMs };
  return undefined;
}
