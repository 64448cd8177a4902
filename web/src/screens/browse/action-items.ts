import type { MenuItem } from '../../ui/menu-item.ts';
import type { Action } from '../manage/actions.ts';

/** An action as an item of a menu. What destroys stands apart. */
export function menuItemOf(action: Action): MenuItem {
  const { label, icon, key, danger, run, href, download } = action;
  return { label, icon, danger, run, href, download, hint: key && shownKey(key), separated: danger };
}

/** `Control+x` as keyboards have it. */
export function shownKey(key: string): string {
  const isMac = /Mac|iP(?:hone|ad)/.test(navigator.platform);
  return key
    .replace('Control+', isMac ? '⌘' : 'Ctrl+')
    .replace(/\b[a-z]$/, (letter) => letter.toUpperCase())
    .replace('Delete', isMac ? '⌦' : 'Del');
}
