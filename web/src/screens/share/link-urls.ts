/** What a link is made from, as its entry has it. */
interface Shared {
  readonly path: string;
  readonly kind: string;
  readonly links: { readonly self: string; readonly stream?: string; readonly file?: string };
}

/** The absolute URLs to hand out. */
export interface LinkUrls {
  /** Of the page: for people. */
  readonly page: string;
  /** Of the bytes, for players and other pages: as they play best. */
  readonly media: string | undefined;
  /** Of a folder as a playlist. */
  readonly playlist: string | undefined;
}

/**
 * @param prefix of a signed link, `/l/{token}`; the entry's own links have none
 * @param pagePath the address of the entry in the page
 */
export function linkUrls(entry: Shared, origin: string, prefix: string, pagePath: string): LinkUrls {
  const media = entry.links.stream ?? entry.links.file;
  const folders = entry.path.split('/').filter(Boolean).map(encodeURIComponent);
  return {
    page: origin + pagePath,
    media: media === undefined ? undefined : origin + prefix + media,
    playlist:
      entry.kind === 'folder'
        ? `${origin}${[`${prefix}/api/v1/playlists`, ...folders, 'playlist.m3u8'].join('/')}`
        : undefined,
  };
}
