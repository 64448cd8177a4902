import { objectKey, type ObjectKey } from './object-key.js';

/** What a URL path asks for. */
export interface RequestedPath {
  readonly key: ObjectKey;
  /** True when the path ends in a slash: a folder is meant, a file of that name does not answer. */
  readonly asFolder: boolean;
}

/**
 * Turns the decoded segments of a wildcard route into a key.
 * @throws InvalidPathError
 */
export function requestedPath(segments: readonly string[] = []): RequestedPath {
  const asFolder = segments.at(-1) === '' || segments.length === 0;
  return { key: objectKey(segments.at(-1) === '' ? segments.slice(0, -1) : segments), asFolder };
}
