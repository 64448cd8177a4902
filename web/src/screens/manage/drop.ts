/** Whether what is dragged could be put into a folder that may be written: files of the desktop, or entries of the page. */
export function canDrop(_transfer: DataTransfer): boolean {
  return false;
}

/** Uploads what was dropped into a folder, or moves it there. */
export function dropInto(_folder: string, _transfer: DataTransfer): void {
  return undefined;
}

/** What a drag of these entries carries. */
export function dragOut(_paths: readonly string[], _transfer: DataTransfer): void {
  return undefined;
}
