import type { Entry } from '../../api/types.ts';

/** What a row of the list or a tile is given. */
export interface ItemProps {
  /** Undefined until it has been fetched. */
  readonly entry: Entry | undefined;
  readonly index: number;
  readonly href: string;
  readonly selected: boolean;
  /** Whether something is selected, so that all show that they can be. */
  readonly selecting: boolean;
  /** Whether it has the tab stop. */
  readonly active: boolean;
  readonly draggable: 'true' | undefined;
  /** The folder that what is dropped on it goes to; undefined where it takes nothing. */
  readonly dropPath: string | undefined;
  readonly ontoggle: () => void;
  readonly onmore: (button: HTMLElement) => void;
}
