import { carriesEntries, dropEntriesInto, effectOf } from './drop-entries.ts';
import { dropFiles, hasFiles } from './uploads/entrances.ts';

export { dragOut } from './drop-entries.ts';
export { follow } from './uploads/entrances.ts';

/** Whether what is dragged could be put into a folder that may be written: files of the desktop, or entries of the page. */
export function canDrop(transfer: DataTransfer): boolean {
  return carriesEntries(transfer) || hasFiles(transfer);
}

/** Has the pointer show what a drop would do. */
export function showEffect(event: DragEvent, transfer: DataTransfer): void {
  if (carriesEntries(transfer)) transfer.dropEffect = effectOf(event);
}

/** Uploads what was dropped into a folder, or moves or copies it there. */
export function dropInto(folder: string, event: DragEvent, transfer: DataTransfer): void {
  // A picture of the page that is dragged comes as a file too.
  if (carriesEntries(transfer)) void dropEntriesInto(folder, transfer, effectOf(event));
  else if (hasFiles(transfer)) dropFiles(folder, transfer);
}
