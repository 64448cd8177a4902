import { t } from '../../i18n/language.svelte.ts';
import { toast } from '../../ui/toasts.svelte.ts';

/** Puts a link where it can be pasted, and says so. Where that is refused, as without HTTPS, it is shown. */
export async function copyLink(url: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(url);
    toast(t().play.copied);
  } catch {
    toast(`${t().play.notCopied} ${url}`);
  }
}
