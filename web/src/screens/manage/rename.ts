import type { Entry } from '../../api/types.ts';
import { t } from '../../i18n/language.svelte.ts';
import { folderOf, joinPath, stemOf } from '../../lib/paths.ts';
import { showDialog } from '../../ui/layers.svelte.ts';
import NameDialog from './NameDialog.svelte';
import { renameTo } from './transfer.ts';

/** Asks for another name for an entry. What comes after the last dot of a file stays as it is unless somebody means it. */
export async function renameEntry(entry: Entry, isTaken: (name: string) => boolean): Promise<void> {
  const name = await showDialog(NameDialog, {
    title: t().manage.renameTitle(entry.kind === 'folder'),
    button: t().manage.rename,
    name: entry.name,
    selected: entry.kind === 'folder' ? entry.name.length : stemOf(entry.name).length,
    isTaken: (other: string) => other !== entry.name && isTaken(other),
  });
  if (name !== undefined) await renameTo(entry, joinPath(folderOf(entry.path), name));
}
