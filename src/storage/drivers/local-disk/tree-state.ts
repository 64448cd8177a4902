import { createHash, type Hash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { type PinnedFolder } from './pinned-folder.js';

/**
 * A digest of what a folder, file or link is at this moment: names, inodes, sizes and change times of everything in it.
 * When it is the same before and after, nothing has changed in between.
 */
export async function treeState(folder: PinnedFolder, name: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await walk(folder, name, hash, signal);
  return hash.digest('hex');
}

async function walk(folder: PinnedFolder, name: string, hash: Hash, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const stats = await folder.look(name);
  hash.update([name, stats?.ino, stats?.size, stats?.mtimeNs, stats?.ctimeNs].join('\0') + '\0');
  if (!stats?.isDirectory()) return;
  const inner = await folder.open(name);
  try {
    for (const entry of (await readdir(inner.at('.'))).sort()) await walk(inner, entry, hash, signal);
  } finally {
    await inner.close();
  }
  hash.update('/');
}
