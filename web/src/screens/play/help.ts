import { t } from '../../i18n/language.svelte.ts';
import { showDialog } from '../../ui/layers.svelte.ts';
import KeysDialog from '../../ui/KeysDialog.svelte';

/** Shows what the keys of a player do. */
export function showKeys(kind: 'audio' | 'video'): void {
  const texts = t().play.keys;
  const film = [
    [['F'], texts.fullscreen],
    [['C'], texts.captions],
    [['I'], texts.pip],
    [['<', '>'], texts.rate],
    [[',', '.'], texts.frame],
  ] as const;
  const rows = [
    [[texts.space, 'K'], texts.toggle],
    [['←', '→'], texts.seek(5)],
    [['J', 'L', 'U', 'O'], texts.seek(10)],
    [['0–9'], texts.jump],
    [['Home', 'End'], texts.ends],
    [['↑', '↓'], texts.volume],
    [['M'], texts.mute],
    [['N', 'P'], texts.beside],
    [['V'], kind === 'audio' ? texts.repeat : texts.loop],
    ...(kind === 'video' ? film : []),
    [['?'], texts.help],
  ] as const;
  void showDialog(KeysDialog, { title: texts.title, rows });
}
