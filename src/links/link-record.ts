import { LINK_ID, type SignedLink } from '../core/link/index.js';
import { objectKey, ROOT_KEY } from '../core/path/index.js';

/** What a link may be made for: which of the URLs that it opens is handed out. */
export const LINK_USES = ['file', 'stream', 'entries', 'playlist', 'archive'] as const;
export type LinkUse = (typeof LINK_USES)[number];

/** What the server keeps of a link, so that it can be listed and revoked. It does not hold the link itself. */
export interface LinkRecord extends Omit<SignedLink, 'recorded'> {
  readonly use: LinkUse;
  /** Seconds since the epoch. */
  readonly created: number;
}

export function printRecord(record: LinkRecord): string {
  return JSON.stringify(record);
}

/** Undefined for what is no record: the file may be anybody's, or damaged. */
export function parseRecord(text: string): LinkRecord | undefined {
  try {
    const { id, path, maker, expires, download, use, created } = JSON.parse(text) as LinkRecord;
    const isWhole =
      LINK_ID.test(id) &&
      typeof maker === 'string' &&
      Number.isSafeInteger(expires) &&
      Number.isSafeInteger(created) &&
      typeof download === 'boolean' &&
      LINK_USES.includes(use);
    const key = objectKey(path === ROOT_KEY ? [] : path.split('/'));
    return isWhole ? { id, path: key, maker, expires, download, use, created } : undefined;
  } catch {
    return undefined;
  }
}
