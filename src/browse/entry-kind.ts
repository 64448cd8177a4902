/** What a file is to the person who looks for it. */
export type EntryKind = 'folder' | 'video' | 'audio' | 'image' | 'subtitle' | 'text' | 'archive' | 'other';

const SUBTITLES = /^(?:text\/(?:vtt|x-ssa)|application\/(?:x-subrip|ttml\+xml))$/;
const TEXT = /^(?:text\/|application\/(?:json|xml|yaml|javascript|x-sh)$)|\+(?:json|xml)$/;
const ARCHIVE =
  /^application\/(?:zip|gzip|x-(?:7z-compressed|tar|bzip2?|xz|rar-compressed|iso9660-image)|vnd\.rar|zstd)$/;
/** Bytes of a packet (ISO/IEC 13818-1 §2.4.3.2), and of one with a time before it, as cameras and discs have it. */
const PACKETS = [188, 192];
/** Streams that were cut off anywhere are longer, in bytes. */
const LONGEST_SOURCE = 2_000_000;
const PLAYLISTS = /mpegurl$|^application\/dash\+xml$/;

/**
 * The kind for a media type. A playlist plays, so it counts as what it lists: video, unless its type says audio. What is
 * named `.ts` is a transport stream or TypeScript, and only streams are made of packets.
 * @param size in bytes; where it is not known, such a name is taken for a stream
 */
export function entryKind(mediaType: string, size = 0): EntryKind {
  if (mediaType === 'video/mp2t' && PACKETS.every((packet) => size % packet !== 0) && size < LONGEST_SOURCE)
    return 'text';
  if (mediaType.startsWith('video/')) return 'video';
  if (mediaType.startsWith('audio/')) return 'audio';
  if (mediaType.startsWith('image/')) return 'image';
  if (PLAYLISTS.test(mediaType)) return 'video';
  if (SUBTITLES.test(mediaType)) return 'subtitle';
  if (TEXT.test(mediaType)) return 'text';
  return ARCHIVE.test(mediaType) ? 'archive' : 'other';
}
