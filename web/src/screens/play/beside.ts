import type { FileEntry } from '../../api/types.ts';
import type { Folder } from '../browse/folder.svelte.ts';

/** The films before and behind one in its folder, as far as that has been fetched: a link to a file opens nothing else. */
export async function besideInFolder(
  folder: Folder,
  { name }: FileEntry,
): Promise<{ readonly next: FileEntry | undefined; readonly previous: FileEntry | undefined }> {
  const [next, previous] = await Promise.all([
    folder.neighbour(name, 1, ['video']),
    folder.neighbour(name, -1, ['video']),
  ]);
  return { next, previous };
}
