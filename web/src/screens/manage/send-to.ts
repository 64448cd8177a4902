import { t } from '../../i18n/language.svelte.ts';
import { folderOf } from '../../lib/paths.ts';
import { showDialog } from '../../ui/layers.svelte.ts';
import { canGoInto } from './destinations.ts';
import FolderDialog from './FolderDialog.svelte';
import { transferInto, type Traveller } from './transfer.ts';

/** Asks for a folder, and moves or copies entries there. */
export async function sendTo(travellers: readonly Traveller[], op: 'move' | 'copy'): Promise<void> {
  const [first] = travellers;
  if (!first) return;
  const texts = t().manage;
  const folder = await showDialog(FolderDialog, {
    title: op === 'move' ? texts.moveTitle(travellers.length) : texts.copyTitle(travellers.length),
    button: op === 'move' ? texts.moveHere : texts.copyHere,
    start: folderOf(first.path),
    isPossible: (to: string) => travellers.every(({ path }) => canGoInto(path, to, op)),
  });
  if (folder !== undefined) await transferInto(folder, travellers, op);
}
