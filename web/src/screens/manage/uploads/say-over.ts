import { t } from '../../../i18n/language.svelte.ts';
import { nameOf } from '../../../lib/paths.ts';
import { goToFolder } from '../../../routing/router.svelte.ts';
import { toast } from '../../../ui/toasts.svelte.ts';
import type { Totals } from './queue.ts';

/** Says what has become of everything. @param folder where the last of it went @param showList shows what failed */
export function sayOver({ count }: Totals, folder: string, showList: () => void): void {
  const texts = t().uploads;
  if (count.failed > 0)
    toast(texts.someFailed(count.failed), {
      kind: 'problem',
      action: { label: texts.show, run: showList },
    });
  else if (count.done > 0)
    toast(texts.finished(count.done, nameOf(folder) || t().common.home), {
      action: { label: texts.show, run: () => goToFolder(folder) },
    });
}
