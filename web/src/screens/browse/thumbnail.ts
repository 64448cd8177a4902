import type { Entry } from '../../api/types.ts';

/** Width and height of a tile's picture on the densest screens there are, in pixels. */
const SIZE = 320;

/** Where there is a small picture of an entry; undefined where there is none. */
export function thumbnailOf(entry: Entry): string | undefined {
  const thumbnail = entry.kind === 'folder' ? undefined : entry.links.thumbnail;
  if (thumbnail === undefined) return undefined;
  return `${thumbnail}${thumbnail.includes('?') ? '&' : '?'}size=${SIZE}`;
}
