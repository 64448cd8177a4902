import type { ObjectKey } from '../path/index.js';

/**
 * What may be done with stored objects:
 * - `read`: list, play and download;
 * - `write`: create, replace, and be the place something is moved or copied to;
 * - `delete`: remove, and be the place something is moved away from;
 * - `admin`: all of these, and what concerns other people, such as emptying the trash.
 */
export const PERMISSIONS = ['read', 'write', 'delete', 'admin'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What may be done with a path and everything below it, unless a rule for a longer path says otherwise. */
export interface AccessRule {
  readonly path: ObjectKey;
  /** None: nothing may be done there. */
  readonly permissions: readonly Permission[];
}
