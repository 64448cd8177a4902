import type { Component } from 'svelte';

/** A line of a menu. */
export interface MenuItem {
  readonly label: string;
  readonly icon?: Component<{ size?: number }> | undefined;
  /** An item either does something or leads somewhere. */
  readonly run?: (() => unknown) | undefined;
  readonly href?: string | undefined;
  readonly download?: boolean | undefined;
  readonly danger?: boolean | undefined;
  readonly checked?: boolean | undefined;
  /** It is on or off by itself; otherwise one of several is checked. */
  readonly toggles?: boolean | undefined;
  /** The key that does the same, as shown. */
  readonly hint?: string | undefined;
  /** A line stands before it. */
  readonly separated?: boolean | undefined;
}

/** A list that is there and can be opened below, or above, what it is about. */
export interface MenuHandle {
  readonly showAt: (rect: DOMRect) => void;
}
