import { childKey } from '../browse/visible.js';
import { encodeKey, type ObjectKey } from '../core/path/index.js';
import { entryUrl, fileUrl, streamUrl } from '../files/resource-urls.js';
import type { LinkRecord, LinkUse } from './link-record.js';

/** A link as the API tells it to who made it. */
export interface LinkResource {
  readonly id: string;
  /** Absolute: what is handed out. */
  readonly url: string;
  /** What stands in it before a path as it is without a link. */
  readonly prefix: string;
  readonly path: string;
  readonly use: LinkUse;
  readonly download: boolean;
  readonly maker: string;
  /** RFC 3339, UTC. */
  readonly created: string;
  readonly expires: string;
  readonly links: {
    /** Absolute: the page that shows people what the link opens. */
    readonly page: string;
  };
}

const URLS: Readonly<Record<LinkUse, (key: ObjectKey) => string>> = {
  file: fileUrl,
  stream: streamUrl,
  entries: entryUrl,
  playlist: (key) => `/api/v1/playlists/${encodeKey(childKey(key, 'playlist.m3u8'))}`,
  archive: (key) => `/api/v1/archives/${encodeKey(key)}`,
};

/** @param origin that who asks has reached the server by */
export function toLinkResource(record: LinkRecord, prefix: string, origin: string): LinkResource {
  const { id, path, use, download, maker, created, expires } = record;
  return {
    id,
    url: origin + prefix + URLS[use](path),
    prefix,
    path,
    use,
    download,
    maker,
    created: printSeconds(created),
    expires: printSeconds(expires),
    links: { page: origin + prefix },
  };
}

/** RFC 3339, UTC. @param seconds since the epoch */
export function printSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
