import type { AccessRules } from '../core/access/index.js';
import { objectKey, ROOT_KEY, type ObjectKey } from '../core/path/index.js';
import type { ListedObject, ObjectStat } from '../storage/storage-driver.js';

/** The key of what a folder lists under this name. */
export function childKey(folder: ObjectKey, name: string): ObjectKey {
  return objectKey(folder === ROOT_KEY ? [name] : [...folder.split('/'), name]);
}

/**
 * What somebody is shown of an object: all of what they may read; of a folder that only leads to something they may
 * read, that it is there, and not when it was changed; of anything else nothing.
 */
export function sightOf(rules: AccessRules, key: ObjectKey, stat: ObjectStat): ObjectStat | undefined {
  if (rules.may('read', key)) return stat;
  return stat.kind === 'folder' && rules.sees(key) ? { kind: 'folder', lastModified: 0 } : undefined;
}

/** The same for the entries of a folder; undefined where all of it may be read. */
export function visibleOf(
  rules: AccessRules,
  folder: ObjectKey,
): ((entry: ListedObject) => ListedObject | undefined) | undefined {
  if (rules.mayThroughout('read', folder)) return undefined;
  return (entry) => {
    const key = childKey(folder, entry.name);
    if (rules.may('read', key)) return entry;
    return entry.kind === 'folder' && rules.sees(key) ? { ...entry, lastModified: 0 } : undefined;
  };
}
