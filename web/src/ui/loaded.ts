import { t } from '../i18n/language.svelte.ts';
import { toast } from './toasts.svelte.ts';

/**
 * Code that is loaded when somebody asks for what it does. Says so where it cannot be: the server may not answer, or have
 * been updated since. A browser remembers a module that failed to load, so that trying again takes a new page.
 */
export async function loaded<Code>(code: Promise<Code>): Promise<Code | undefined> {
  try {
    return await code;
  } catch {
    const action = { label: t().common.retry, run: () => location.reload() };
    toast(t().common.problem.unreachable, { kind: 'problem', action });
    return undefined;
  }
}
