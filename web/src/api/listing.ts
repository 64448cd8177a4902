import type { Route } from '../routing/route.ts';
import { base, encodePath } from './base.ts';
import type { paths } from './schema.d.ts';

/** What of a folder is asked for, in which order. */
export type ListingView = Pick<Route, 'path' | 'sort' | 'order' | 'filter'> & {
  readonly hidden: boolean;
  /** What names are sorted by, where somebody has chosen one. */
  readonly language?: string;
};

/** Entries asked for by one request. */
export const PAGE = 200;

/** The query of a part of a listing. The same wish has the same query to the last character: see `early.ts`. */
export function listingQuery({ sort, order, filter, hidden }: ListingView, offset = 0, limit = PAGE) {
  return {
    sort,
    order,
    hidden,
    limit,
    ...(filter !== '' && { q: filter }),
    ...(offset > 0 && { offset }),
  } satisfies paths['/api/v1/entries']['get']['parameters']['query'];
}

/** The URL of a listing's first part, as the client of the API has it. */
export function listingUrl(view: ListingView): string {
  const path = view.path === '' ? '' : `/${encodePath(view.path)}`;
  const query = Object.entries(listingQuery(view)).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  return `${location.origin}${base}/api/v1/entries${path}?${query.join('&')}`;
}
