import type { MenuItem } from '../../ui/menu-item.ts';
import type { Action } from '../manage/actions.ts';

/** An action as an item of a menu. What destroys stands apart. */
export function menuItemOf(action: Action): MenuItem {
  const { label, icon, key, danger, run, href, download } = action;
  return { label, icon, danger, run, href, download, hint: key, separated: danger };
}
