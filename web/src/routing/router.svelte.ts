import { base } from '../api/base.ts';
import { parseRoute, printRoute, ROOT, type Route } from './route.ts';

const state = $state<{ route: Route }>({ route: ROOT });

/** The route that is shown. Reactive. */
export function route(): Route {
  return state.route;
}

/** The URL that leads to a change of this route, for `href`. */
export function href(change: Partial<Route>): string {
  return printRoute({ ...ROOT, ...change }, base);
}

/** Goes there. `replace` leaves no step to go back to: for what changes while somebody types or plays. */
export function go(change: Partial<Route>, { replace = false } = {}): void {
  const next = { ...state.route, ...change };
  const url = printRoute(next, base);
  if (replace || url === location.pathname + location.search) history.replaceState(history.state, '', url);
  else history.pushState(null, '', url);
  state.route = next;
}

/** Leaves a screen or an open file for its folder. */
export function goToFolder(path: string): void {
  go({ screen: 'browse', path, panel: undefined, time: undefined });
}

/** Follows links of the page without loading it anew, and the keys for back and forward. */
export function startRouter(): void {
  const read = () => {
    state.route = parseRoute(new URL(location.href), base);
  };
  addEventListener('popstate', read);
  addEventListener('click', (event) => {
    const anchor = (event.target as Element).closest?.('a');
    if (!anchor || event.defaultPrevented || !isPlainClick(event)) return;
    if (anchor.target || anchor.hasAttribute('download') || anchor.origin !== location.origin) return;
    if (!/^\/(?:browse|trash|links|login)(?:\/|$)/.test(anchor.pathname.slice(base.length))) return;
    if (!anchor.pathname.startsWith(`${base}/`)) return;
    event.preventDefault();
    if (anchor.href !== location.href) history.pushState(null, '', anchor.href);
    read();
  });
  read();
}

/** Other clicks open tabs and windows. */
function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}
