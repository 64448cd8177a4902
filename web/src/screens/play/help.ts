import { showDialog } from '../../ui/layers.svelte.ts';
import KeysDialog from './KeysDialog.svelte';

/** Shows what the keys do. */
export function showKeys(kind: 'audio' | 'video'): void {
  void showDialog(KeysDialog, { kind });
}
