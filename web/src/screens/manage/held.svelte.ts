import type { Entry } from '../../api/types.ts';
import type { Traveller } from './transfer.ts';

/** Entries that were cut or copied, to be pasted into a folder. They are of this page: the system's clipboard is not touched. */
interface Held {
  readonly op: 'move' | 'copy';
  readonly travellers: readonly Traveller[];
}

let current = $state.raw<Held | undefined>();

/** What waits to be pasted. Reactive. */
export function held(): Held | undefined {
  return current;
}

export function hold(entries: readonly Entry[], op: Held['op']): void {
  current = { op, travellers: entries.map(({ path, kind }) => ({ path, isFolder: kind === 'folder' })) };
}

/** What was cut is pasted once; what was copied as often as somebody likes. */
export function takeHeld(): Held | undefined {
  const taken = current;
  if (taken?.op === 'move') current = undefined;
  return taken;
}
