import type { Entry } from '../../api/types.ts';
import { t } from '../../i18n/language.svelte.ts';
import { shownName } from '../../lib/names.ts';
import { folderOf, nameOf } from '../../lib/paths.ts';
import { showDialog } from '../../ui/layers.svelte.ts';
import { toast } from '../../ui/toasts.svelte.ts';
import { announce } from './changes.svelte.ts';
import ConflictDialog from './ConflictDialog.svelte';
import { decide, type Decision } from './conflicts.ts';
import { transfers } from './destinations.ts';
import { reportFailures } from './failures.ts';
import { perform, type Outcome, type Transfer } from './operations.ts';
import { working } from './working.ts';

/** What is moved or copied: its path, and whether it is a folder. */
export interface Traveller {
  readonly path: string;
  readonly isFolder: boolean;
}

/** Moves or copies entries into a folder. Asks about names that are taken, says what was done, and offers to undo a move. */
export async function transferInto(
  folder: string,
  travellers: readonly Traveller[],
  op: 'move' | 'copy',
): Promise<void> {
  const operations = transfers(
    travellers.map(({ path }) => path),
    folder,
    op,
  );
  if (operations.length === 0) return;
  const folders = new Set(travellers.filter(({ isFolder }) => isFolder).map(({ path }) => path));
  const done = await carryOut(operations, ({ from }) => !folders.has(from));
  if (done.length === 0) return;
  const texts = t().manage;
  const where = folder === '' ? t().common.home : shownName(nameOf(folder));
  const [first] = done;
  const name = shownName(first?.entry?.name ?? '');
  if (op === 'copy') toast(texts.copied(done.length, name, where));
  else
    toast(texts.moved(done.length, name, where), {
      action: { label: texts.undo, run: () => void moveBack(done) },
    });
}

/** Gives an entry another name, or another place. @returns whether it has it now */
export async function renameTo(entry: Entry, to: string): Promise<boolean> {
  const operation = { op: 'move' as const, from: entry.path, to, onConflict: 'fail' as const };
  const done = await carryOut([operation], () => entry.kind !== 'folder');
  if (done.length === 0) return false;
  const [now, was] = [shownName(nameOf(done[0]?.entry?.path ?? to)), shownName(entry.name)];
  toast(t().manage.renamed(was, now), {
    action: { label: t().manage.undo, run: () => void moveBack(done) },
  });
  return true;
}

/** Makes the changes, asks about names that are taken, tells what failed. @returns what was done */
async function carryOut(
  operations: readonly Transfer[],
  mayReplace: (operation: Transfer) => boolean,
): Promise<readonly Outcome<Transfer>[]> {
  const [first] = operations;
  const label = t().manage.working[first?.op ?? 'move'](operations.length);
  let outcomes = await working(label, operations.length, (work) => perform(operations, work));
  const done = outcomes.filter(({ entry }) => entry);
  // What is done is shown while somebody still thinks about the rest.
  tell(done);
  const taken = outcomes.filter(({ problem }) => problem?.status === 409);
  const failed = outcomes.filter(({ problem }) => problem && problem.status !== 409);
  if (taken.length > 0) {
    const ask = ({ operation }: Outcome<Transfer>, left: number): Promise<Decision | undefined> =>
      showDialog(ConflictDialog, {
        name: nameOf(operation.to),
        folder: folderOf(operation.to),
        mayReplace: mayReplace(operation),
        left,
      });
    const decided = await decide(taken, ({ operation }) => mayReplace(operation), ask);
    const again = [...decided].map(([{ operation }, onConflict]) => ({ ...operation, onConflict }));
    outcomes = await working(label, again.length, (work) => perform(again, work));
    const doneNow = outcomes.filter(({ entry }) => entry);
    tell(doneNow);
    done.push(...doneNow);
    failed.push(...outcomes.filter(({ problem }) => problem));
  }
  reportFailures(failed.map(({ operation, problem }) => ({ path: operation.from, problem })));
  return done;
}

async function moveBack(done: readonly Outcome<Transfer>[]): Promise<void> {
  const operations = done.flatMap(({ operation, entry }) =>
    entry ? [{ op: 'move' as const, from: entry.path, to: operation.from, onConflict: 'fail' as const }] : [],
  );
  await carryOut(operations, () => false);
}

function tell(done: readonly Outcome<Transfer>[]): void {
  if (done.length === 0) return;
  const folders = done.flatMap(({ operation: { from, to } }) => [folderOf(from), folderOf(to)]);
  announce({
    folders: [...new Set(folders)],
    made: done.flatMap(({ entry }) => (entry ? [entry.path] : [])),
    gone: done.flatMap(({ operation: { op, from } }) => (op === 'move' ? [from] : [])),
  });
}
