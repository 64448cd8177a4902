import { InvalidPathError, objectKey, ROOT_KEY, type ObjectKey } from './object-key.js';

/**
 * The key of a path as JSON has it: decoded, from the root, without a slash at either end. Empty is the root.
 * @throws InvalidPathError as {@link objectKey}, and for half a surrogate pair, which no file name in UTF-8 can hold
 */
export function keyFromPath(path: string): ObjectKey {
  if (!path.isWellFormed()) throw new InvalidPathError('The path is not well-formed Unicode.');
  if (path.startsWith('/') || path.endsWith('/'))
    throw new InvalidPathError('A path has no slash at its start or end; it begins in the served folder.');
  return path === '' ? ROOT_KEY : objectKey(path.split('/'));
}
