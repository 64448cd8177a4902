import { folderOf, joinPath, nameOf } from '../../lib/paths.ts';

/** Whether an entry can go into a folder: not into itself, and not to where it is. */
export function canGoInto(path: string, folder: string, op: 'move' | 'copy'): boolean {
  if (folder === path || folder.startsWith(`${path}/`)) return false;
  return op === 'copy' || folderOf(path) !== folder;
}

/** An operation of the API for each of the entries that can go there. A copy beside the original gets a name of its own. */
export function transfers(paths: readonly string[], folder: string, op: 'move' | 'copy') {
  return paths
    .filter((path) => canGoInto(path, folder, op))
    .map((from) => ({
      op,
      from,
      to: joinPath(folder, nameOf(from)),
      onConflict: folderOf(from) === folder ? ('rename' as const) : ('fail' as const),
    }));
}
