import { nameOf } from '../../lib/paths.ts';

/** Entries that one request may name, by the contract. */
const MOST_NAMED = 500;
/** Servers and proxies take request lines of 8 KB; the rest is for what a proxy puts before the path. */
const LONGEST = 6000;

/** The URL of a ZIP file of everything in a folder. */
export function folderArchive(base: string, folder: string): string {
  return [`${base}/api/v1/archives`, ...folder.split('/').filter(Boolean).map(encodeURIComponent)].join('/');
}

/** The URL of a ZIP file of some entries of a folder; undefined when they are too many for a URL. */
export function selectionArchive(base: string, folder: string, paths: readonly string[]): string | undefined {
  const query = paths.map((path) => `entry=${encodeURIComponent(nameOf(path))}`).join('&');
  const url = `${folderArchive(base, folder)}?${query}`;
  return paths.length <= MOST_NAMED && url.length <= LONGEST ? url : undefined;
}
