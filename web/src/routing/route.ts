/** How a folder is sorted; the words of the API's `sort`. */
export type SortField = 'name' | 'size' | 'modified' | 'type';

/** Where in the page somebody is. All of it stands in the URL, so that back, reload and sharing work. */
export interface Route {
  readonly screen: 'browse' | 'trash' | 'links' | 'login';
  /** Of `browse`: the path of a folder, or of the file that is open in its folder. Decoded; empty for the root. */
  readonly path: string;
  readonly sort: SortField;
  readonly order: 'asc' | 'desc';
  /** Only names that contain this. */
  readonly filter: string;
  /** What is shown beside an open file or for a selected one. */
  readonly panel: 'inspect' | undefined;
  /** Where to begin to play, in seconds. */
  readonly time: number | undefined;
}

const SCREENS = ['browse', 'trash', 'links', 'login'] as const;
const SORTS: readonly SortField[] = ['name', 'size', 'modified', 'type'];

export const ROOT: Route = {
  screen: 'browse',
  path: '',
  sort: 'name',
  order: 'asc',
  filter: '',
  panel: undefined,
  time: undefined,
};

/** Reads a URL of the page. @param base what stands before its paths. Whatever it does not understand is as at the root. */
export function parseRoute(url: URL, base: string): Route {
  const [first = '', ...segments] = url.pathname.slice(base.length).split('/').slice(1);
  const screen = SCREENS.find((known) => known === first) ?? 'browse';
  const query = url.searchParams;
  const time = Number.parseFloat(query.get('t') ?? '');
  return {
    screen,
    path: first === 'browse' ? segments.map(decoded).filter(Boolean).join('/') : '',
    sort: SORTS.find((known) => known === query.get('sort')) ?? ROOT.sort,
    order: query.get('order') === 'desc' ? 'desc' : 'asc',
    filter: query.get('q') ?? '',
    panel: query.get('panel') === 'inspect' ? 'inspect' : undefined,
    time: Number.isFinite(time) && time >= 0 ? time : undefined,
  };
}

/** The URL of a route, without its origin. What is as usual is left out. */
export function printRoute(route: Route, base: string): string {
  const path = route.path === '' ? '' : `/${route.path.split('/').map(encodeURIComponent).join('/')}`;
  const query = new URLSearchParams();
  if (route.sort !== ROOT.sort) query.set('sort', route.sort);
  if (route.order !== ROOT.order) query.set('order', route.order);
  if (route.filter !== '') query.set('q', route.filter);
  if (route.panel) query.set('panel', route.panel);
  if (route.time !== undefined) query.set('t', String(Math.round(route.time * 10) / 10));
  const printed = query.size > 0 ? `?${query.toString()}` : '';
  return `${base}/${route.screen}${path}${printed}`;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
