import type { Folder, FolderView } from './folder.svelte.ts';
import { isReturning, positionIn, takeStoredPosition, type Position } from './positions.ts';

/** Milliseconds for which what was shown stays while the next folder has not answered; then a skeleton helps more. */
const PATIENCE = 250;

/** Where a listing begins: at a position, or where the entry of this name is. */
export type Start = Partial<Position> & { readonly name?: string; readonly focus?: boolean };

/** The folder on the screen, which is the one before until the next is there. */
export class Shown {
  folder = $state.raw<Folder | undefined>();
  start = $state.raw<Start>({});
  /** Whether what comes next shall have the focus, since keys have led there. */
  wantsFocus = false;

  /** Shows a folder when it is time. Call it in an effect. @returns what calls that off */
  follow(next: Folder | undefined): (() => void) | undefined {
    const { folder } = this;
    if (!next || next === folder) return undefined;
    if (next.info !== undefined || next.problem !== undefined || !folder) {
      this.#show(next);
      return undefined;
    }
    // Another filter or order of the same folder: it is empty for a moment, which nobody needs to see.
    if (next.view.path === folder.view.path) return undefined;
    const timer = setTimeout(() => this.#show(next), PATIENCE);
    return () => clearTimeout(timer);
  }

  #show(next: Folder): void {
    const from = this.folder?.view;
    const below = from && entryTowards(next.view, from);
    const known = !from
      ? takeStoredPosition(next.view)
      : below !== undefined || isReturning()
        ? positionIn(next.view)
        : undefined;
    const hadFocus = document.activeElement?.closest('.row, .tile') != null;
    this.start = {
      ...known,
      ...(below !== undefined && { name: below }),
      focus: hadFocus || this.wantsFocus,
    };
    this.wantsFocus = false;
    this.folder = next;
  }
}

/** The name in a folder of what leads to one below it; undefined where that is elsewhere. */
function entryTowards({ path }: FolderView, { path: below }: FolderView): string | undefined {
  const before = path === '' ? '' : `${path}/`;
  return below !== path && below.startsWith(before) ? below.slice(before.length).split('/')[0] : undefined;
}
