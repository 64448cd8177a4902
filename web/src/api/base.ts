/** What stands before every path of the page and the API: empty, or `/l/{token}` where somebody came by a signed link. */
export const base = /^\/l\/[^/]+/.exec(location.pathname)?.[0] ?? '';

/** Whether this is the page of a signed link: it only shows, and there is nobody to log in. */
export const isShared = base !== '';

/** A path of segments, each percent-encoded: `a b/c` becomes `a%20b/c`. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** A URL of the API that a `links` member gave, as it is: the server already put the link before it. */
export function absolute(link: string): string {
  return new URL(link, location.origin).href;
}
