/**
 * The path of a stored object below the root: UTF-8 segments joined by `/`, no leading or trailing slash, no empty,
 * `.` or `..` segment, no NUL. The empty key is the root folder itself. Names are kept exactly as sent: no Unicode
 * normalisation, so NFC and NFD names are two different objects, as they are on disk.
 */
export type ObjectKey = string & { readonly __brand: 'ObjectKey' };

/** The root folder. */
export const ROOT_KEY = '' as ObjectKey;

/** A path that cannot name an object, whatever is stored. `message` tells the client why, without echoing the path. */
export class InvalidPathError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidPathError';
  }
}

/**
 * Joins percent-decoded path segments into a key.
 * @throws InvalidPathError for `.`, `..`, an empty segment, an encoded slash or a NUL.
 */
export function objectKey(segments: readonly string[]): ObjectKey {
  for (const segment of segments) {
    if (segment === '') throw new InvalidPathError('The path has an empty segment (two slashes in a row).');
    if (segment === '.' || segment === '..') {
      throw new InvalidPathError('The path has a "." or ".." segment; name the file directly.');
    }
    if (segment.includes('/')) throw new InvalidPathError('A file name cannot contain a slash (%2F).');
    if (segment.includes('\0')) throw new InvalidPathError('A file name cannot contain a NUL (%00).');
  }
  return segments.join('/') as ObjectKey;
}

/** The last segment: the file's own name. Empty for the root. */
export function baseName(key: ObjectKey): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** The folder that holds it; the root holds itself. */
export function parentKey(key: ObjectKey): ObjectKey {
  return key.slice(0, Math.max(0, key.lastIndexOf('/'))) as ObjectKey;
}

/** True when any segment starts with a dot: what Unix hides. */
export function isHidden(key: string): boolean {
  return key.startsWith('.') || key.includes('/.');
}

/** The key as a URL path, each segment percent-encoded (RFC 3986 §3.3), with no leading slash. */
export function encodeKey(key: ObjectKey): string {
  return key.split('/').map(encodeURIComponent).join('/');
}
