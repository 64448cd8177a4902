import { entryKind, type EntryKind } from '../browse/entry-kind.js';
import { mediaTypeOf } from '../core/http/index.js';
import { baseName } from '../core/path/index.js';
import { trashUrl } from '../files/resource-urls.js';
import type { Discarded } from '../storage/storage-driver.js';

/** Something in the trash as the API tells it. */
export interface TrashEntry {
  readonly id: string;
  readonly name: string;
  /** Where it stood. */
  readonly path: string;
  readonly kind: EntryKind;
  /** In bytes; null for a folder. */
  readonly size: number | null;
  /** RFC 3339, UTC. */
  readonly deleted: string;
  /** Who deleted it; null for somebody without a name, and for readers without one. */
  readonly deletedBy: string | null;
  /** When it goes for good. RFC 3339, UTC. */
  readonly expires: string;
  readonly links: { readonly self: string; readonly restore: string };
}

/** @param retention in seconds; @param isNamed whether the reader has a name, and so may know those of others */
export function toTrashEntry(discarded: Discarded, retention: number, isNamed: boolean): TrashEntry {
  const { id, key, kind, size, discardedAt, discardedBy } = discarded;
  const name = baseName(key);
  const isFolder = kind === 'folder';
  return {
    id,
    name,
    path: key,
    kind: isFolder ? 'folder' : entryKind(mediaTypeOf(name)),
    size: isFolder ? null : size,
    deleted: new Date(discardedAt).toISOString(),
    deletedBy: isNamed ? discardedBy : null,
    expires: new Date(discardedAt + retention * 1000).toISOString(),
    links: { self: trashUrl(id), restore: `${trashUrl(id)}/restore` },
  };
}
