import type { EntryKind, FileEntry } from '../../api/types.ts';
import { isOpen } from '../share/opened.svelte.ts';
import { Folder, type FolderView } from '../browse/folder.svelte.ts';

/** Entries looked at, in a request each 200. Who plays from a larger folder hears what is before. */
const MOST = 5000;
const STEP = 200;

/** The files of a kind in a folder, in its order, as they are found: the first ones soon. */
export async function* filesOf(view: FolderView, kind: EntryKind): AsyncGenerator<readonly FileEntry[]> {
  // A link to a file alone opens nothing beside it.
  if (!isOpen(view.path)) return;
  // A folder of its own: that of the screen is given up when somebody goes elsewhere.
  const folder = new Folder(view);
  try {
    for (let first = 0; first === 0 || first < Math.min(folder.count, MOST); first += STEP) {
      await folder.ensure(first, first);
      if (folder.problem !== undefined) return;
      const found: FileEntry[] = [];
      for (let index = first; index < Math.min(first + STEP, folder.count); index++) {
        const entry = folder.at(index);
        if (entry && entry.kind !== 'folder' && entry.kind === kind) found.push(entry);
      }
      yield found;
    }
  } finally {
    folder.close();
  }
}
