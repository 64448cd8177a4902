import { t } from '../../i18n/language.svelte.ts';
import { shownName } from '../../lib/names.ts';
import { nameOf } from '../../lib/paths.ts';
import { showDialog } from '../../ui/layers.svelte.ts';
import { problemText } from '../../ui/problem-text.ts';
import { toast } from '../../ui/toasts.svelte.ts';
import FailuresDialog from './FailuresDialog.svelte';

/** What could not be done with an entry, and why. */
export interface Failure {
  readonly path: string;
  readonly problem: unknown;
}

/** Tells what did not work: one in a note, several in a list that the note opens. */
export function reportFailures(failures: readonly Failure[]): void {
  const [first] = failures;
  if (!first) return;
  if (failures.length === 1) {
    const text = t().manage.failed(shownName(nameOf(first.path)), problemText(first.problem));
    toast(text, { kind: 'problem' });
    return;
  }
  toast(t().manage.someFailed(failures.length), {
    kind: 'problem',
    action: { label: t().manage.showFailures, run: () => void showDialog(FailuresDialog, { failures }) },
  });
}
