import type { IncomingMessage } from 'node:http';
import { isHidden, type ObjectKey } from '../core/path/index.js';

/** Whether somebody may know of what happens at a path. Asked for every event, so that it may change its mind. */
export type Sees = (key: ObjectKey) => boolean;

/** What the one who asks may see. The place for permissions: reading is open to whoever reaches the server. */
export function seesOf(_request: IncomingMessage): Sees {
  return () => true;
}

const RESERVED = /(?:^|\/)\.playhead(?:-[^/]*\.tmp)?(?:\/|$)/;

/** Whether a path is for anybody: not hidden, and none of the server's own files, which are nobody's business. */
export function isPublic(key: ObjectKey, hidden: boolean): boolean {
  if (!isHidden(key)) return true;
  return hidden && !RESERVED.test(key);
}
