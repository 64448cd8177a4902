import type { ObjectKey } from '../core/path/index.js';

/** The part of the storage that a listener hears about. */
export interface EventScope {
  readonly key: ObjectKey;
  /** False: only what is directly in the folder. */
  readonly recursive: boolean;
}

/**
 * Whether something at this path concerns the scope: it lies in the folder, or is the folder itself or one above it,
 * which takes the folder with it when it goes.
 */
export function isWithin({ key: folder, recursive }: EventScope, key: ObjectKey): boolean {
  if (key === folder || (folder as string).startsWith(`${key}/`)) return true;
  const prefix = (folder as string) === '' ? '' : `${folder}/`;
  return key.startsWith(prefix) && (recursive || !key.includes('/', prefix.length));
}
