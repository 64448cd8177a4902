import type { Entry } from '../../api/types.ts';
import { showDialog } from '../../ui/layers.svelte.ts';
import ShareDialog from './ShareDialog.svelte';

/** Opens what there is to share a file or folder. Resolves when it is closed. */
export async function openShareDialog(entry: Entry): Promise<void> {
  await showDialog(ShareDialog, { entry });
}
