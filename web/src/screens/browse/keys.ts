import { t } from '../../i18n/language.svelte.ts';
import KeysDialog from '../../ui/KeysDialog.svelte';
import { showDialog } from '../../ui/layers.svelte.ts';
import type { Action } from '../manage/actions.ts';
import { shownKey } from './action-items.ts';

/** Shows the keys of the listing. @param actions what this person may do with what is in it */
export function showKeys(actions: readonly Action[]): void {
  const texts = t().browse.keys;
  const rows = [
    [['↑', '↓', '←', '→'], texts.move],
    [['Home', 'End', 'PgUp', 'PgDn'], texts.jump],
    [['A', '…', 'Z'], texts.type],
    [['Enter'], texts.open],
    [['Backspace', 'Alt+↑'], texts.up],
    [['/'], texts.filter],
    [[texts.space], texts.toggle],
    [['Shift', '↑', '↓'], texts.range],
    [[shownKey('Control+a')], texts.all],
    [['Esc'], texts.clear],
    [['Shift', 'F10'], texts.menu],
    ...actingRows(actions),
    [['?'], texts.help],
  ] as const;
  void showDialog(KeysDialog, { title: texts.title, rows });
}

function actingRows(actions: readonly Action[]): readonly (readonly [readonly string[], string])[] {
  const texts = t().browse.keys;
  const meanings: Readonly<Record<string, string>> = {
    F2: texts.rename,
    Delete: texts.delete,
    'Control+x': texts.cut,
    'Control+c': texts.copy,
  };
  const keys = Object.keys(meanings).filter((key) => actions.some((action) => action.key === key));
  const rows = keys.map((key) => [[shownKey(key)], meanings[key] ?? ''] as const);
  // Until something is copied, there is no action that pastes it.
  return keys.includes('Control+c') ? [...rows, [[shownKey('Control+v')], texts.paste]] : rows;
}
