import { InvalidPathError, objectKey, type ObjectKey } from '../path/index.js';
import { PERMISSIONS, type AccessRule, type Permission } from './permission.js';

/** No permission at all, where letters stand. */
const NONE = '-';

/** @throws Error that says what is expected, for the person who wrote the rule. */
export function parseRule(text: string): AccessRule {
  const colon = text.lastIndexOf(':');
  if (!text.startsWith('/') || colon < 0)
    throw new Error('expects rules such as /music:rw: a path, a colon, and letters for what may be done');
  return { path: parseRulePath(text.slice(0, colon)), permissions: parsePermissions(text.slice(colon + 1)) };
}

/** Rules separated by commas; a comma belongs to the path unless a slash follows. @throws Error as {@link parseRule} */
export function parseRules(text: string): AccessRule[] {
  return text.split(/,\s*(?=\/)/).map(parseRule);
}

/**
 * A path as people write it, from the root, with or without a slash at the end; nothing is percent-decoded.
 * @throws Error
 */
export function parseRulePath(text: string): ObjectKey {
  if (!text.startsWith('/')) throw new Error('expects paths that begin with a slash, such as /music');
  const segments = text.slice(1).split('/');
  if (segments.at(-1) === '') segments.pop();
  try {
    return objectKey(segments);
  } catch (error) {
    if (error instanceof InvalidPathError)
      throw new Error('expects paths without "." or ".." and without two slashes in a row', { cause: error });
    throw error;
  }
}

/** Letters such as `rw`, `-` for none. @throws Error */
export function parsePermissions(letters: string): Permission[] {
  if (letters === NONE) return [];
  const permissions = PERMISSIONS.filter((permission) => letters.includes(permission[0]!));
  if (permissions.length === 0 || permissions.length !== letters.length) {
    throw new Error(
      'expects permissions in letters, each once: r read, w write, d delete, a admin, or - for none',
    );
  }
  return permissions;
}
