import type { MenuItem } from '../../ui/menu-item.ts';
import type { Action } from '../manage/actions.ts';

/** An action as an item of a menu. What destroys stands apart. */
export function menuItemOf(action: Action): MenuItem {
  const { label, icon, key, danger, run, href, download } = action;
  return { label, icon, danger, run, href, download, hint: key && hintOf(key), separated: danger };
}

const isMac = /Mac|iP/.test(navigator.platform);

/** `Control+x` as keyboards have it. */
function hintOf(key: string): string {
  const [, letter] = /^Control\+(.)$/.exec(key) ?? [];
  if (letter === undefined) return key === 'Delete' ? 'Del' : key;
  return isMac ? `⌘${letter.toUpperCase()}` : `Ctrl+${letter.toUpperCase()}`;
}
