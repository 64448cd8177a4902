import { objectKey, ROOT_KEY, type ObjectKey } from '../path/index.js';

/** What a link is: leave to read one path and all below it, in the name of who made it, until it expires. */
export interface SignedLink {
  /** {@link LINK_ID} */
  readonly id: string;
  /** What it is for. At most {@link MOST_SEGMENTS} segments. */
  readonly path: ObjectKey;
  /** The name of who made it: no control characters. */
  readonly maker: string;
  /** When it ends: whole seconds since the epoch. */
  readonly expires: number;
  /** Whether files are sent for saving only. */
  readonly download: boolean;
  /** Whether it holds only as long as the server keeps a record of it, so that it can be revoked. */
  readonly recorded: boolean;
}

/** 96 random bits in base64url. It identifies a link and opens nothing. */
export const LINK_ID = /^[\w-]{16}$/;

/** How deep a path may be that a link can be made for. */
export const MOST_SEGMENTS = 255;

/** The last second that a link can hold: five bytes. */
export const LAST_SECOND = 2 ** 40 - 1;

/**
 * What is signed. Every field but the last stands on a line and cannot hold an end of line, so no two links have the same
 * text. The first line keeps the signature from meaning anything else, now and in later versions.
 */
export function canonicalText({ id, path, maker, expires, download, recorded }: SignedLink): string {
  return ['playhead-link-1', id, expires, flagsOf({ download, recorded }), maker, path].join('\n');
}

export function flagsOf({ download, recorded }: Pick<SignedLink, 'download' | 'recorded'>): number {
  return (download ? 1 : 0) | (recorded ? 2 : 0);
}

/** How many segments a path has; the root has none. */
export function depthOf(path: ObjectKey): number {
  return path === ROOT_KEY ? 0 : path.split('/').length;
}

/** The first segments of a path; undefined when it has fewer. */
export function ancestorAt(path: ObjectKey, depth: number): ObjectKey | undefined {
  if (depth === 0) return ROOT_KEY;
  const segments = path.split('/');
  return path === ROOT_KEY || segments.length < depth ? undefined : objectKey(segments.slice(0, depth));
}
