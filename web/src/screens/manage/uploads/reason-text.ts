import { ApiProblem } from '../../../api/problem.ts';
import { t } from '../../../i18n/language.svelte.ts';
import { problemText } from '../../../ui/problem-text.ts';
import type { Reason } from './item.ts';

/** Why a file was not uploaded, in words. */
export function reasonText(reason: Reason): string {
  const texts = t().uploads.reason;
  if (!(reason instanceof ApiProblem)) return texts[reason];
  if (reason.status === 413) return texts.tooLarge;
  if (reason.status === 507) return texts.full;
  if (reason.kind === 'too-many-uploads') return texts.tooMany;
  return problemText(reason);
}
