import { joinPath } from '../../../lib/paths.ts';

/** What there is to know of a `FileSystemEntry` of a drop (File and Directory Entries API). */
export interface DroppedEntry {
  readonly name: string;
  readonly isDirectory: boolean;
  file?(found: (file: File) => void, failed: (error: unknown) => void): void;
  createReader?(): {
    readEntries(found: (entries: readonly DroppedEntry[]) => void, failed: (error: unknown) => void): void;
  };
}

/** Something chosen to be uploaded. `path` begins in the folder it is to go to. */
export type Found =
  | { readonly kind: 'file'; readonly path: string; readonly file: File }
  /** An empty folder; others come to be with their files. */
  | { readonly kind: 'folder'; readonly path: string }
  /** The browser could not read it. */
  | { readonly kind: 'unreadable'; readonly path: string };

/**
 * Goes through dropped entries, depth first, in the order in which the browser tells them. Only one folder of each depth
 * is open at a time, so what it needs does not grow with the number of files.
 */
export async function* walk(entries: Iterable<DroppedEntry>, within = ''): AsyncGenerator<Found, void> {
  for (const entry of entries) {
    const path = joinPath(within, entry.name);
    if (!entry.isDirectory) yield await fileOf(entry, path);
    else yield* walkFolder(entry, path);
  }
}

async function* walkFolder(folder: DroppedEntry, path: string): AsyncGenerator<Found, void> {
  const reader = folder.createReader?.();
  let isEmpty = true;
  try {
    // A reader gives some at a time (100 in Chromium), and none when there are no more.
    for (;;) {
      const some = await new Promise<readonly DroppedEntry[]>((resolve, reject) => {
        if (reader) reader.readEntries(resolve, reject);
        else resolve([]);
      });
      if (some.length === 0) break;
      isEmpty = false;
      yield* walk(some, path);
    }
  } catch {
    yield { kind: 'unreadable', path };
    return;
  }
  if (isEmpty) yield { kind: 'folder', path };
}

async function fileOf(entry: DroppedEntry, path: string): Promise<Found> {
  try {
    const file = await new Promise<File>((resolve, reject) => {
      if (entry.file) entry.file(resolve, reject);
      else reject(new Error('not a file'));
    });
    return { kind: 'file', path, file };
  } catch {
    return { kind: 'unreadable', path };
  }
}
