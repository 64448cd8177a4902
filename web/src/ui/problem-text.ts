import { ApiProblem } from '../api/problem.ts';
import { t } from '../i18n/language.svelte.ts';

/** What to tell somebody about a failure, in their language: what can be done about it, by its kind. */
export function problemText(error: unknown): string {
  const texts = t().common.problem;
  if (!(error instanceof ApiProblem)) return texts.other;
  if (error.kind === 'unreachable') return texts.unreachable;
  if (error.kind === 'link-expired') return texts.linkExpired;
  if (error.kind === 'link-invalid') return texts.linkInvalid;
  if (error.status === 401) return texts.unauthenticated;
  if (error.status === 403) return texts.forbidden;
  if (error.status === 404) return texts.missing;
  if (error.status === 429 || error.status === 503) return texts.busy;
  // The server's own sentence says more than "did not work", if only in English.
  return error.detail || error.title || texts.other;
}
