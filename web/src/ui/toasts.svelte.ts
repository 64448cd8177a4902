/** A note in the corner, with one thing to do about it at most. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: 'info' | 'problem';
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

let last = 0;
let shown = $state.raw<readonly Toast[]>([]);

/** Reactive. */
export function toasts(): readonly Toast[] {
  return shown;
}

/**
 * Shows a note for some seconds: longer where there is something to do about it (WCAG 2.2.1 has it dismissed by hand or
 * kept on hover; the component does). @returns what takes it away
 */
export function toast(
  text: string,
  options: { kind?: Toast['kind']; action?: Toast['action'] } = {},
): () => void {
  const id = ++last;
  shown = [...shown.slice(-3), { id, text, kind: options.kind ?? 'info', action: options.action }];
  return () => dismiss(id);
}

export function dismiss(id: number): void {
  shown = shown.filter((other) => other.id !== id);
}
