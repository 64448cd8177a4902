import { api, data } from '../../api/client.ts';
import type { FolderListing } from '../../api/types.ts';

/** The folders of a folder. */
export interface Folders {
  readonly path: string;
  readonly mayWrite: boolean;
  readonly names: readonly string[];
  readonly paths: readonly string[];
}

/** Entries of a request, and requests for one folder: who has more folders side by side finds them by typing. */
const PAGE = 1000;
const MOST_PAGES = 5;

/** Folders stand before files, so the list ends with the first file. @throws ApiProblem */
export async function foldersIn(path: string): Promise<Folders> {
  const found: { readonly name: string; readonly path: string }[] = [];
  let first: FolderListing | undefined;
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const listing = await list(path, cursor);
    first ??= listing;
    const folders = listing.entries.filter(({ kind }) => kind === 'folder');
    found.push(...folders);
    cursor = new URLSearchParams(listing.links.next?.split('?')[1]).get('cursor') ?? undefined;
    if (folders.length < listing.entries.length || cursor === undefined) break;
  }
  const permissions = first?.permissions ?? [];
  return {
    path,
    mayWrite: permissions.includes('write') || permissions.includes('admin'),
    names: found.map(({ name }) => name),
    paths: found.map((folder) => folder.path),
  };
}

async function list(path: string, cursor: string | undefined): Promise<FolderListing> {
  const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
  return (await data<unknown>(
    path === ''
      ? api.GET('/api/v1/entries', { params: { query } })
      : api.GET('/api/v1/entries/{path}', { params: { path: { path }, query } }),
  )) as FolderListing;
}
