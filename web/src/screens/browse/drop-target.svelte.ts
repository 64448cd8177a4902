import type { Attachment } from 'svelte/attachments';
import type * as manage from '../manage/drop.ts';

/** What knows how to move and upload; loaded when the listing is there. */
type DropModule = typeof manage;

let loaded = $state.raw<DropModule | undefined>();

/** Loads it. Until then nothing can be dragged, nor dropped. */
export async function loadDrop(): Promise<void> {
  loaded ??= await import('../manage/drop.ts');
}

/** Reactive. */
export function dropModule(): DropModule | undefined {
  return loaded;
}

/**
 * Makes an element a place to drop things into a folder. While something that may be dropped is over it, it has
 * `data-drop`. Targets may lie in each other; the inner one takes it.
 * @param folder undefined where nothing may be dropped
 */
export function dropTarget(folder: string | undefined): Attachment<HTMLElement> {
  return (node) => {
    if (folder === undefined) return;
    const leave = () => delete node.dataset.drop;
    const over = (event: DragEvent) => {
      if (event.defaultPrevented || !event.dataTransfer || !loaded?.canDrop(event.dataTransfer))
        return leave();
      event.preventDefault();
      loaded.showEffect(event, event.dataTransfer);
      node.dataset.drop = '';
    };
    const drop = (event: DragEvent) => {
      leave();
      if (event.defaultPrevented || !event.dataTransfer || !loaded?.canDrop(event.dataTransfer)) return;
      event.preventDefault();
      loaded.dropInto(folder, event, event.dataTransfer);
    };
    const left = (event: DragEvent) => {
      if (!node.contains(event.relatedTarget as Node | null)) leave();
    };
    node.addEventListener('dragover', over);
    node.addEventListener('dragleave', left);
    node.addEventListener('drop', drop);
    return () => {
      leave();
      node.removeEventListener('dragover', over);
      node.removeEventListener('dragleave', left);
      node.removeEventListener('drop', drop);
    };
  };
}
