import { t } from '../../i18n/language.svelte.ts';
import KeysDialog from '../../ui/KeysDialog.svelte';
import { showDialog } from '../../ui/layers.svelte.ts';

/** Shows what the keys do while a picture is open. */
export function showKeys(): void {
  const texts = t().look.keys;
  const rows = [
    [['←', 'P'], t().look.previous],
    [['→', 'N'], t().look.next],
    [['+'], t().look.zoomIn],
    [['-'], t().look.zoomOut],
    [['←', '→', '↑', '↓'], texts.pan],
    [['Z'], texts.toggle],
    [['0'], texts.fit],
    [['Esc'], t().common.close],
    [['?'], texts.help],
  ] as const;
  void showDialog(KeysDialog, { title: texts.title, rows });
}
