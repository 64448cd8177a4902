/** What a file is to the person who looks for it. */
export type EntryKind = 'folder' | 'video' | 'audio' | 'image' | 'subtitle' | 'text' | 'archive' | 'other';

const SUBTITLES = /^(?:text\/(?:vtt|x-ssa)|application\/(?:x-subrip|ttml\+xml))$/;
const TEXT = /^(?:text\/|application\/(?:json|xml|yaml|javascript|x-sh)$)|\+(?:json|xml)$/;
const ARCHIVE =
  /^application\/(?:zip|gzip|x-(?:7z-compressed|tar|bzip2?|xz|rar-compressed|iso9660-image)|vnd\.rar|zstd)$/;
const PLAYLISTS = /mpegurl$|^application\/dash\+xml$/;

/** The kind for a media type. A playlist plays, so it counts as what it lists: video, unless its type says audio. */
export function entryKind(mediaType: string): EntryKind {
  if (mediaType.startsWith('video/')) return 'video';
  if (mediaType.startsWith('audio/')) return 'audio';
  if (mediaType.startsWith('image/')) return 'image';
  if (PLAYLISTS.test(mediaType)) return 'video';
  if (SUBTITLES.test(mediaType)) return 'subtitle';
  if (TEXT.test(mediaType)) return 'text';
  return ARCHIVE.test(mediaType) ? 'archive' : 'other';
}
