import { api, data } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import type { Entry } from '../../api/types.ts';
import { t } from '../../i18n/language.svelte.ts';
import { shownName } from '../../lib/names.ts';
import { folderOf, nameOf } from '../../lib/paths.ts';
import { showDialog } from '../../ui/layers.svelte.ts';
import { toast } from '../../ui/toasts.svelte.ts';
import { announce } from './changes.svelte.ts';
import ConfirmDialog from './ConfirmDialog.svelte';
import ConflictDialog from './ConflictDialog.svelte';
import { decide, type Decision } from './conflicts.ts';
import { reportFailures, type Failure } from './failures.ts';
import { perform, type TrashEntry } from './operations.ts';
import { working } from './working.ts';

let keeps: Promise<boolean> | undefined;

/** Whether what is deleted comes into the trash; asked once. Where the server does not say, it may be gone. */
function isKept(): Promise<boolean> {
  keeps ??= data(api.GET('/api/v1/trash', { params: { query: { limit: 1 } } })).then(
    (trash) => trash.keeps,
    () => {
      keeps = undefined;
      return false;
    },
  );
  return keeps;
}

/** Asks before what cannot be undone. */
function isMeant(entries: readonly Pick<Entry, 'name'>[]): Promise<boolean | undefined> {
  const { confirm, deleteForGood } = t().manage.trash;
  return showDialog(ConfirmDialog, {
    title: confirm.title,
    text: confirm.text(entries.length, shownName(entries[0]?.name ?? '')),
    button: deleteForGood,
  });
}

/** Puts entries into the trash, says so, and offers to take them out again. Where there is none, it asks before. */
export async function removeEntries(entries: readonly Pick<Entry, 'path' | 'name'>[]): Promise<void> {
  if (!(await isKept()) && !(await isMeant(entries))) return;
  const operations = entries.map(({ path }) => ({ op: 'delete' as const, path, permanent: false }));
  const outcomes = await working(t().manage.working.delete(entries.length), entries.length, (work) =>
    perform(operations, work),
  );
  const gone = outcomes.filter(({ problem }) => !problem);
  const discarded = gone.flatMap(({ trashEntry }) => (trashEntry ? [trashEntry] : []));
  const paths = gone.map(({ operation }) => operation.path);
  announce({ folders: [...new Set(paths.map(folderOf))], made: [], gone: paths });
  reportFailures(
    outcomes
      .filter(({ problem }) => problem)
      .map(({ operation, problem }) => ({ path: operation.path, problem })),
  );
  const [first] = gone;
  if (!first) return;
  const texts = t().manage;
  const name = shownName(nameOf(first.operation.path));
  if (discarded.length === 0) toast(texts.deletedForGood(gone.length, name));
  else
    toast(texts.deleted(gone.length, name), {
      action: { label: texts.undo, run: () => void restore(discarded) },
    });
}

/**
 * Takes things out of the trash to where they stood. Asks about names that are taken since.
 * @returns the ids of what is not in the trash any more
 */
export async function restore(entries: readonly TrashEntry[]): Promise<ReadonlySet<string>> {
  const restored: TrashEntry[] = [];
  const made: string[] = [];
  const taken: TrashEntry[] = [];
  const failures: Failure[] = [];
  const attempt = async (entry: TrashEntry, onConflict: 'fail' | 'replace' | 'rename') => {
    try {
      const params = { path: { id: entry.id } };
      const { path } = await data(api.POST('/api/v1/trash/{id}/restore', { params, body: { onConflict } }));
      restored.push(entry);
      made.push(path);
    } catch (problem) {
      if (onConflict === 'fail' && isProblem(problem, 'conflict')) taken.push(entry);
      else failures.push({ path: entry.path, problem });
    }
  };
  await working(t().manage.working.restore(entries.length), entries.length, async ({ signal, progress }) => {
    for (const [index, entry] of entries.entries()) {
      if (signal.aborted) return;
      await attempt(entry, 'fail');
      progress(index + 1);
    }
  });
  const mayReplace = ({ kind }: TrashEntry) => kind !== 'folder';
  const ask = (entry: TrashEntry, left: number): Promise<Decision | undefined> =>
    showDialog(ConflictDialog, {
      name: entry.name,
      folder: folderOf(entry.path),
      mayReplace: mayReplace(entry),
      left,
    });
  for (const [entry, onConflict] of await decide(taken, mayReplace, ask)) await attempt(entry, onConflict);
  announce({ folders: [...new Set(made.map(folderOf))], made, gone: [] });
  reportFailures(failures);
  const [first] = restored;
  if (first) toast(t().manage.restored(restored.length, shownName(first.name)));
  return new Set(restored.map(({ id }) => id));
}
