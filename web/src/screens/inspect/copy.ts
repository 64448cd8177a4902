import { t } from '../../i18n/language.svelte.ts';
import { toast } from '../../ui/toasts.svelte.ts';

/** Puts a text where it can be pasted from, and says so. */
export async function copyText(text: string): Promise<void> {
  try {
    if (isSecureContext) await navigator.clipboard.writeText(text);
    else copyBySelection(text);
    toast(t().inspect.copied);
  } catch {
    toast(t().inspect.notCopied, { kind: 'problem' });
  }
}

/** Pages without TLS have no clipboard of their own; what is selected can be copied none the less. */
function copyBySelection(text: string): void {
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.style.cssText = 'position: fixed; opacity: 0';
  document.body.append(field);
  const before = document.activeElement;
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  if (!copied) throw new Error('nothing was copied');
}
