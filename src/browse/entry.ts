import type { AccessRules, Permission } from '../core/access/index.js';
import { formatEntityTag } from '../core/http/index.js';
import { baseName, type ObjectKey } from '../core/path/index.js';
import { isDrawable } from '../core/picture/index.js';
import {
  entryUrl,
  fileUrl,
  inspectionUrl,
  streamUrl,
  subtitlesUrl,
  thumbnailUrl,
} from '../files/resource-urls.js';
import type { ObjectStat } from '../storage/storage-driver.js';
import { entryKind, type EntryKind } from './entry-kind.js';

/** A file or folder as the API tells it. */
export interface Entry {
  /** Empty for the root. */
  readonly name: string;
  /** Path below the root, decoded. */
  readonly path: string;
  readonly kind: EntryKind;
  /** Media type without parameters; null for a folder, as the next two. */
  readonly mediaType: string | null;
  /** In bytes. */
  readonly size: number | null;
  /** The strong entity tag that `/files` sends. */
  readonly etag: string | null;
  /** RFC 3339, UTC. */
  readonly modified: string;
  /** What its reader may do with it, by the rules for this very path. */
  readonly permissions: readonly Permission[];
  readonly links: Readonly<Record<string, string>>;
}

const PLAYABLE: readonly EntryKind[] = ['video', 'audio'];
/** Pictures in a media container; of others there is no report. */
const INSPECTABLE = /^image\/(?:avif|hei[cf])(?:-sequence)?$/;

/** @param rules of its reader; @param prefix what stands before the paths of its links */
export function toEntry(key: ObjectKey, stat: ObjectStat, rules: AccessRules, prefix = ''): Entry {
  const self = prefix + entryUrl(key);
  const base = { name: baseName(key), path: key };
  const permissions = rules.permissionsAt(key);
  if (stat.kind === 'folder') {
    return {
      ...base,
      kind: 'folder',
      mediaType: null,
      size: null,
      etag: null,
      modified: new Date(stat.lastModified).toISOString(),
      permissions,
      links: { self },
    };
  }
  const { mediaType, size, validators } = stat;
  const kind = entryKind(mediaType, size);
  const plays = PLAYABLE.includes(kind);
  return {
    ...base,
    kind,
    mediaType,
    size,
    etag: formatEntityTag(validators.etag),
    modified: new Date(validators.lastModified).toISOString(),
    permissions,
    links: {
      self,
      file: prefix + fileUrl(key),
      ...(plays && { stream: prefix + streamUrl(key) }),
      ...((plays || INSPECTABLE.test(mediaType)) && {
        inspection: prefix + inspectionUrl(key),
      }),
      ...(plays && { subtitles: prefix + subtitlesUrl(key) }),
      ...(isDrawable(mediaType) && { thumbnail: prefix + thumbnailUrl(key) }),
    },
  };
}
