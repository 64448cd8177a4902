import { opendir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { originalName } from './repairable-file.js';
import { toRewriteError } from './rewrite-error.js';

/** A file, by the name it is spoken of, or what could not be looked into and why. */
export type FoundFile = { readonly name: string } | { readonly name: string; readonly error: unknown };

/**
 * The files that are named, and those in the folders that are named and below. In folders hidden names are passed over, links
 * are not followed, and originals that were kept beside their new form are left alone.
 * @param onFolder called once for each folder in which there are files, or which is looked into
 */
export async function* findFiles(
  names: readonly string[],
  onFolder: (folder: string) => Promise<void>,
): AsyncGenerator<FoundFile> {
  const seen = new Set<string>();
  for (const name of names) {
    try {
      const actual = await realpath(name);
      if ((await stat(actual)).isDirectory()) {
        yield* filesBelow(name, onFolder);
        continue;
      }
      const folder = path.dirname(actual);
      if (!seen.has(folder)) await onFolder(folder);
      seen.add(folder);
      yield { name };
    } catch (error) {
      yield { name, error: toRewriteError(error, 'denied') };
    }
  }
}

async function* filesBelow(
  folder: string,
  onFolder: (folder: string) => Promise<void>,
): AsyncGenerator<FoundFile> {
  const entries = [];
  try {
    await onFolder(folder);
    for await (const entry of await opendir(folder)) {
      if (!entry.name.startsWith('.')) entries.push(entry);
    }
  } catch (error) {
    yield { name: folder, error: toRewriteError(error, 'denied') };
    return;
  }
  const originals = new Set(entries.map(({ name }) => originalName(name)));
  entries.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  for (const entry of entries) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(name, onFolder);
    else if (entry.isFile() && !originals.has(entry.name)) yield { name };
  }
}
