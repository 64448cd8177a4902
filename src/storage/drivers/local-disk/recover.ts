import { readdir, readFile, unlink } from 'node:fs/promises';
import { isDiscardedId } from '../../discarded-id.js';
import { StorageError } from '../../storage-error.js';
import { JOURNAL, type JournalEntry, type Place } from './journal.js';
import { PinnedFolder } from './pinned-folder.js';
import { removeTree } from './remove-tree.js';
import { isInside } from './served-folder.js';
import { codeOf } from './write-error.js';
import { isAbandoned, writerOf } from './temporary-name.js';
import { TEMPORARIES } from './temporary.js';
import { openHome, TRASH } from './trash-home.js';
import { readRecord, removeRecord } from './trash-record.js';
import type { WriteContext } from './write-context.js';

const BY_NUMBER = new Intl.Collator('en', { numeric: true }).compare;

/**
 * As `StorageDriver.recover`. Looks in the state folder, and where its journal leads; a leftover goes when the process
 * that made it has ended. What cannot be looked at or removed stays for the next time.
 */
export async function recover(context: WriteContext, nowMs = Date.now()): Promise<number> {
  const journal = await inState(context, JOURNAL, nowMs, (file) => undo(context, file));
  return journal + (await inState(context, TEMPORARIES, nowMs, remove));
}

/** Does something with whatever is in a folder of the state folder and nobody works on. */
async function inState(
  { state }: WriteContext,
  folderName: string,
  nowMs: number,
  act: (path: string) => Promise<number>,
): Promise<number> {
  const folder = await state.openExisting(folderName);
  if (!folder) return 0;
  let sum = 0;
  try {
    // The latest first: what was begun within something else is undone before that.
    for (const name of (await readdir(folder.at('.'))).sort(BY_NUMBER).reverse()) {
      const writer = writerOf(name, 'write');
      const stats = writer && (await folder.look(name));
      if (stats && isAbandoned(writer, stats, nowMs)) sum += await act(folder.at(name)).catch(() => 0);
    }
  } finally {
    await folder.close();
  }
  return sum;
}

async function remove(path: string): Promise<number> {
  await removeTree(path);
  return 1;
}

/** Undoes what an entry of the journal tells of, or finishes it, and strikes the entry out. */
async function undo(context: WriteContext, file: string): Promise<number> {
  const entry = parse(await readFile(file, 'utf8'));
  const removed = entry ? await undoEntry(context, entry) : 0;
  await unlink(file);
  return removed;
}

/** An entry that is not whole was never acted upon. */
function parse(text: string): JournalEntry | undefined {
  try {
    return JSON.parse(text) as JournalEntry;
  } catch {
    return undefined;
  }
}

async function undoEntry(context: WriteContext, entry: JournalEntry): Promise<number> {
  switch (entry.kind) {
    case 'temporary':
      if (!writerOf(entry.at.name, 'write')) return 0;
      return inFolder(context, entry.at, async (folder) => {
        if (!(await folder.look(entry.at.name))) return 0;
        return remove(folder.at(entry.at.name));
      });
    case 'claim':
      return inFolder(context, entry.at, async (folder) => {
        const stats = await folder.look(entry.at.name);
        // The clock of the file system may count in pairs of seconds.
        const isClaim = stats?.isFile() && stats.size === 0n && Number(stats.mtimeMs) >= entry.since - 2000;
        return isClaim ? remove(folder.at(entry.at.name)) : 0;
      });
    case 'move':
      // Both names, one file: the first was to go. Its bytes stay under the second.
      return inFolder(context, entry.from, (from) =>
        inFolder(context, entry.to, async (to) => {
          const [old, young] = [await from.look(entry.from.name), await to.look(entry.to.name)];
          const isBoth = old && young && !old.isDirectory() && old.dev === young.dev && old.ino === young.ino;
          if (!isBoth || from.identify(entry.from.name) === to.identify(entry.to.name)) return 0;
          return remove(from.at(entry.from.name));
        }),
      );
    case 'trash':
      return settle(context, entry.id);
    default:
      return 0;
  }
}

/** Removes a record of the trash that has no content, or is not whole: then the content never came. */
async function settle(context: WriteContext, id: string): Promise<number> {
  if (!isDiscardedId(id)) return 0;
  const record = await readRecord(context, id);
  if (record) {
    const home = await openHome(context, record.top);
    // It was made before the record: so its disk is not there at the moment, and may have the content.
    if (!home) throw new StorageError('unavailable');
    const content = await home.look(id).finally(() => home.close());
    if (content) return 0;
  }
  await removeRecord(context, id);
  return record ? 1 : 0;
}

/** Whether a folder is in the root, or where the trash is outside it. */
async function isOurs({ served, state }: WriteContext, path: string): Promise<boolean> {
  if (isInside(await served.findRoot(), path)) return true;
  const trash = await state.openExisting(TRASH);
  await trash?.close();
  return trash?.actual === path;
}

/** Works in a folder that the journal names, if it still is there, and no link. */
async function inFolder(
  context: WriteContext,
  { folder: path }: Place,
  act: (folder: PinnedFolder) => Promise<number>,
): Promise<number> {
  if (!(await isOurs(context, path))) return 0;
  let folder: PinnedFolder | undefined;
  try {
    folder = await PinnedFolder.open(path, (actual) => {
      if (actual !== path) throw new StorageError('changed');
    });
    return await act(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  } finally {
    await folder?.close();
  }
}
