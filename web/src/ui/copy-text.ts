import { t } from '../i18n/language.svelte.ts';
import { toast } from './toasts.svelte.ts';

/** Puts text into the clipboard and says so. Where the page may not, it shows the text instead. @returns whether it could */
export async function copyText(text: string): Promise<boolean> {
  const isCopied = await toClipboard(text);
  toast(isCopied ? t().common.copied : text);
  return isCopied;
}

async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return byCommand(text);
  }
}

/** Plain HTTP has no navigator.clipboard, but browsers still know the command of old. */
function byCommand(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'visually-hidden';
  // Below an open modal dialog nothing else can be selected.
  const before = document.activeElement;
  ([...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body).append(field);
  field.select();
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    field.remove();
    if (before instanceof HTMLElement) before.focus();
  }
}
