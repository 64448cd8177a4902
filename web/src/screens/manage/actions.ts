import type { Component } from 'svelte';
import type { Entry } from '../../api/types.ts';
import type { Folder } from '../browse/folder.svelte.ts';

/** Something that can be done with entries or in a folder, by a menu, a button or a key. */
export interface Action {
  readonly label: string;
  readonly icon: Component<{ size?: number }>;
  /** As `KeyboardEvent.key`, such as `F2` or `Delete`. */
  readonly key?: string;
  readonly danger?: boolean;
  /** An action either does something or leads somewhere. */
  readonly run?: () => void | Promise<void>;
  readonly href?: string;
  readonly download?: boolean;
}

/** What this person may do with these entries of a folder. */
export function actionsOn(_entries: readonly Entry[], _folder: Folder): readonly Action[] {
  return [];
}

/** What this person may do in a folder, with nothing selected: upload, make a folder. */
export function actionsIn(_folder: Folder): readonly Action[] {
  return [];
}
