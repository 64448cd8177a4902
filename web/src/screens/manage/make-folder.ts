import { t } from '../../i18n/language.svelte.ts';
import { joinPath } from '../../lib/paths.ts';
import { showDialog } from '../../ui/layers.svelte.ts';
import { announce } from './changes.svelte.ts';
import { reportFailures } from './failures.ts';
import NameDialog from './NameDialog.svelte';
import { perform } from './operations.ts';

/** Asks for a name and makes a folder. @returns its path; undefined when there is none */
export async function makeFolderIn(
  folder: string,
  isTaken: (name: string) => boolean,
): Promise<string | undefined> {
  const name = await showDialog(NameDialog, {
    title: t().manage.newFolder,
    button: t().manage.create,
    isTaken,
  });
  if (name === undefined) return undefined;
  const path = joinPath(folder, name);
  const [outcome] = await perform([{ op: 'makeFolder', path }]);
  if (!outcome?.entry) {
    reportFailures([{ path, problem: outcome?.problem }]);
    return undefined;
  }
  announce({ folders: [folder], made: [outcome.entry.path], gone: [] });
  return outcome.entry.path;
}
