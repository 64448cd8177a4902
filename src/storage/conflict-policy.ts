import type { ConflictPolicy } from './storage-driver.js';

export const CONFLICT_POLICIES: readonly ConflictPolicy[] = ['fail', 'rename', 'replace'];

/** What a client wants where a name is taken: `fail` unless told otherwise; undefined for what is none of them. */
export function toConflictPolicy(raw: unknown = 'fail'): ConflictPolicy | undefined {
  return CONFLICT_POLICIES.find((known) => known === raw);
}
