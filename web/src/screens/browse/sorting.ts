import type { Route, SortField } from '../../routing/route.ts';

export const SORTS: readonly SortField[] = ['name', 'modified', 'size', 'type'];

/** Choosing what is sorted by already turns the order around. New and large things are looked for first. */
export function sortedBy(
  field: SortField,
  now: Pick<Route, 'sort' | 'order'>,
): Pick<Route, 'sort' | 'order'> {
  if (now.sort === field) return { sort: field, order: now.order === 'asc' ? 'desc' : 'asc' };
  return { sort: field, order: field === 'modified' || field === 'size' ? 'desc' : 'asc' };
}
