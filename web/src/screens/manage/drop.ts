import { carriesEntries, dropEntriesInto } from './drop-entries.ts';

export { dragOut } from './drop-entries.ts';

/** Whether what is dragged could be put into a folder that may be written: files of the desktop, or entries of the page. */
export function canDrop(transfer: DataTransfer): boolean {
  return carriesEntries(transfer);
}

/** Uploads what was dropped into a folder, or moves it there. */
export function dropInto(folder: string, transfer: DataTransfer): void {
  if (carriesEntries(transfer)) dropEntriesInto(folder, transfer);
}
