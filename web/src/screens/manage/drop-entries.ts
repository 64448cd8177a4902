/** The type of what a drag within the page carries: paths, as JSON. Other pages and programs cannot use it. */
const ENTRIES = 'application/x-playhead-entries';

/** What a drag of these entries carries. */
export function dragOut(paths: readonly string[], transfer: DataTransfer): void {
  transfer.setData(ENTRIES, JSON.stringify(paths));
  transfer.effectAllowed = 'copyMove';
}

/** Whether entries of the page are dragged. While they are, only the types can be seen. */
export function carriesEntries(transfer: DataTransfer): boolean {
  return transfer.types.includes(ENTRIES);
}

/** Moves what was dropped into a folder, or copies it where Control or Option was held. */
export function dropEntriesInto(folder: string, transfer: DataTransfer): void {
  const paths = pathsOf(transfer.getData(ENTRIES));
  const op = transfer.dropEffect === 'copy' ? 'copy' : 'move';
  const travellers = paths.map((path) => ({ path, isFolder: false }));
  void import('./transfer.ts').then(({ transferInto }) => transferInto(folder, travellers, op));
}

/** Another tab of the page may be of another version, and another page may use the same type. */
function pathsOf(text: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((path): path is string => typeof path === 'string') : [];
  } catch {
    return [];
  }
}
