/** Pictures that a smaller one is made of. */
const DRAWABLE = ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif', 'image/tiff'] as const;

export type DrawableType = (typeof DRAWABLE)[number];

/** Whether pictures of this media type are drawn small. SVG is a program, and HEIC takes a decoder that is not free. */
export function isDrawable(mediaType: string): mediaType is DrawableType {
  return (DRAWABLE as readonly string[]).includes(mediaType);
}

/**
 * Tells pictures by signature, never by name; undefined for all that is not drawn.
 * @param head the first 32 bytes, or as many as there are
 */
export function pictureType(head: Uint8Array): DrawableType | undefined {
  const text = String.fromCharCode(...head.subarray(0, 32));
  // SOI and the marker that follows (ITU-T T.81 §B.1.1.3).
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (/^GIF8[79]a/.test(text)) return 'image/gif';
  if (/^RIFF[^]{4}WEBP/.test(text)) return 'image/webp';
  // TIFF 6.0 §2, and BigTIFF.
  if (/^(?:II[*+]\0|MM\0[*+])/.test(text)) return 'image/tiff';
  // The file type box with its major brand, or one of the first compatible ones (AV1 Image File Format §6).
  return /^[^]{4}ftyp(?:avi[fs]|mi[fa]1[^]{4}(?:[^]{4}){0,3}avi[fs])/.test(text) ? 'image/avif' : undefined;
}
