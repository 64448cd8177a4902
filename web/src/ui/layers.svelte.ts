import type { Component } from 'svelte';

/**
 * What stands over and below the screens. A feature whose code is loaded when it is needed puts its parts here, so the
 * frame of the page knows none of them.
 */
interface Layer {
  readonly id: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each part knows what it is given
  readonly component: Component<any>;
  readonly props: Readonly<Record<string, unknown>>;
}

let last = 0;
let dialogs = $state.raw<readonly Layer[]>([]);
let docked = $state.raw<readonly Layer[]>([]);

/** Open dialogs, the last on top. Reactive. */
export function openDialogs(): readonly Layer[] {
  return dialogs;
}

/** What stands at the lower edge whichever screen is shown: the player, uploads. Reactive. */
export function dockedParts(): readonly Layer[] {
  return docked;
}

/**
 * Opens a dialog, which gets `onclose` besides its own props. @returns what it is closed with: undefined when somebody
 * thought better of it
 */
export function showDialog<Props extends { onclose: (result?: never) => void }>(
  component: Component<Props>,
  props: Omit<Props, 'onclose'>,
): Promise<Parameters<Props['onclose']>[0]> {
  return new Promise((resolve) => {
    const id = ++last;
    const onclose = (result?: Parameters<Props['onclose']>[0]) => {
      dialogs = dialogs.filter((other) => other.id !== id);
      resolve(result);
    };
    dialogs = [...dialogs, { id, component, props: { ...props, onclose } }];
  });
}

/** Puts a part at the lower edge. @returns what takes it away */
export function dock<Props extends Record<string, unknown>>(
  component: Component<Props>,
  props: Props,
): () => void {
  const id = ++last;
  docked = [...docked, { id, component, props }];
  return () => {
    docked = docked.filter((other) => other.id !== id);
  };
}
