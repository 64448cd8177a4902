import { loaded } from '../../ui/loaded.ts';
import type { Traveller } from './transfer.ts';

/** The type of what a drag within the page carries: travellers, as JSON. Other pages and programs cannot use it. */
const ENTRIES = 'application/x-playhead-entries';

/** What a drag of these entries carries. */
export function dragOut(travellers: readonly Traveller[], transfer: DataTransfer): void {
  transfer.setData(ENTRIES, JSON.stringify(travellers));
  transfer.effectAllowed = 'copyMove';
}

/** Whether entries of the page are dragged. While they are, only the types can be seen. */
export function carriesEntries(transfer: DataTransfer): boolean {
  return transfer.types.includes(ENTRIES);
}

/** What a drop does: Control copies, as Option does on a Mac. Not every browser has the `dropEffect` say so in `drop`. */
export function effectOf({ ctrlKey, altKey }: DragEvent): 'move' | 'copy' {
  return ctrlKey || altKey ? 'copy' : 'move';
}

/** Moves or copies what was dropped into a folder. */
export async function dropEntriesInto(
  folder: string,
  transfer: DataTransfer,
  op: 'move' | 'copy',
): Promise<void> {
  // When the event is over, its data is gone.
  const travellers = travellersOf(transfer.getData(ENTRIES));
  await (await loaded(import('./transfer.ts')))?.transferInto(folder, travellers, op);
}

/** Another tab of the page may be of another version, and another page may use the same type. */
function travellersOf(text: string): readonly Traveller[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isTraveller) : [];
  } catch {
    return [];
  }
}

function isTraveller(value: unknown): value is Traveller {
  const { path, isFolder } = Object(value) as Record<keyof Traveller, unknown>;
  return typeof path === 'string' && typeof isFolder === 'boolean';
}
