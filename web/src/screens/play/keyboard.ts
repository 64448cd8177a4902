import { belongsToControl, commandOf, type Command } from './keys.ts';

/** What is reached by keyboard to be scrolled, such as the report beside a film. */
const SCROLLED = '[role=region][tabindex="0"]';

/** What a key pressed anywhere in the page asks the player for; nothing while it is meant for a control or a dialog. */
export function commandFor(event: KeyboardEvent): Command | undefined {
  if (event.defaultPrevented || event.isComposing) return undefined;
  const target = event.composedPath()[0];
  if (target instanceof Element) {
    if (target.closest('dialog, [role=dialog], [role=menu]')) return undefined;
    if (target.closest(SCROLLED) && belongsToControl(event.key, { role: 'region', editable: false }))
      return undefined;
    if (belongsToControl(event.key, controlOf(target))) return undefined;
  }
  return commandOf(event);
}

function controlOf(element: Element): { role: string; editable: boolean } {
  const isInput = element instanceof HTMLInputElement;
  const isRange = isInput && element.type === 'range';
  const isBox = isInput && ['checkbox', 'radio', 'button', 'submit'].includes(element.type);
  const editable =
    (isInput && !isRange && !isBox) ||
    element instanceof HTMLTextAreaElement ||
    (element instanceof HTMLElement && element.isContentEditable);
  return { role: element.getAttribute('role') ?? implied(element, isRange), editable };
}

function implied(element: Element, isRange: boolean): string {
  if (isRange) return 'slider';
  const roles: Readonly<Record<string, string>> = {
    BUTTON: 'button',
    SUMMARY: 'button',
    A: 'link',
    SELECT: 'select',
    INPUT: 'checkbox',
  };
  return roles[element.tagName] ?? '';
}
