import type { AccessControl } from '../auth/access-control.js';
import type { AuthorizedRequest } from '../auth/principal.js';
import { isHidden, type ObjectKey } from '../core/path/index.js';

/**
 * Whether somebody may know of what happens at a path: by their rules at that moment, so it is asked for every event.
 * @param isFolder a folder has come or gone, which those may know too who see it only on the way to something
 */
export type Sees = (key: ObjectKey, isFolder: boolean) => boolean;

/** What the one who asks may see: the same as in a listing. */
export function seesOf(access: AccessControl, request: AuthorizedRequest): Sees {
  return (key, isFolder) => {
    const rules = access.rulesNow(request);
    return isFolder ? rules.sees(key) : rules.may('read', key);
  };
}

const RESERVED = /(?:^|\/)\.playhead(?:-trash|-[^/]*\.tmp)?(?:\/|$)/;

/** Whether a path is for anybody: not hidden, and none of the server's own files, which are nobody's business. */
export function isPublic(key: ObjectKey, hidden: boolean): boolean {
  if (!isHidden(key)) return true;
  return hidden && !RESERVED.test(key);
}
