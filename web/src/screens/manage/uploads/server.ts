import { api, data } from '../../../api/client.ts';
import type { FileEntry, FolderListing } from '../../../api/types.ts';
import type { Standing } from './known-names.ts';
import type { SavedBatch } from './saved.ts';

/** Entries of a request, the most that the contract allows. */
const PAGE = 1000;
/** Of larger folders it is the server that says which names are taken. */
const MOST = 10_000;

/** The names of a folder; undefined when there are too many, or it cannot be listed. */
export async function namesIn(folder: string): Promise<ReadonlyMap<string, Standing> | undefined> {
  const names = new Map<string, Standing>();
  try {
    for (let offset = 0; ; offset += PAGE) {
      const listing = await page(folder, offset);
      if (!('entries' in listing)) return undefined;
      const { entries, totals } = listing;
      if (totals.folders + totals.files > MOST) return undefined;
      for (const entry of entries)
        names.set(
          entry.name,
          entry.kind === 'folder'
            ? { isFolder: true }
            : { isFolder: false, size: entry.size, modified: entry.modified },
        );
      if (entries.length < PAGE) return names;
    }
  } catch {
    return undefined;
  }
}

async function page(folder: string, offset: number): Promise<FolderListing | FileEntry> {
  const query = { limit: PAGE, hidden: true, ...(offset > 0 && { offset }) };
  return data<unknown>(
    folder === ''
      ? api.GET('/api/v1/entries', { params: { query } })
      : api.GET('/api/v1/entries/{path}', { params: { path: { path: folder }, query } }),
  ) as Promise<FolderListing | FileEntry>;
}

/** Makes folders, with those that they are in. @returns the paths that could not be made */
export async function makeFolders(paths: readonly string[]): Promise<readonly string[]> {
  const failed: string[] = [];
  for (let start = 0; start < paths.length; start += PAGE) {
    const some = paths.slice(start, start + PAGE);
    const operations = some.map((path) => ({ op: 'makeFolder' as const, path }));
    const answer = await data(api.POST('/api/v1/entries', { body: { operations } })).catch(() => undefined);
    failed.push(...some.filter((_, index) => !answer || (answer.results[index]?.status ?? 500) >= 400));
  }
  return failed;
}

/** Batches without the uploads that the server has forgotten; it lists those of who has logged in. */
export async function stillThere(batches: readonly SavedBatch[]): Promise<readonly SavedBatch[]> {
  const answer = await data(api.GET('/api/v1/uploads')).catch(() => undefined);
  if (!answer) return batches;
  const known = new Set(answer.uploads.map(({ url }) => url));
  return batches.map((batch) => ({
    ...batch,
    files: Object.fromEntries(
      Object.entries(batch.files).map(([key, file]) => [
        key,
        !file.url || known.has(file.url) ? file : { size: file.size },
      ]),
    ),
  }));
}
