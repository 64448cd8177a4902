import { invalidBody } from '../auth/read-json.js';
import { keyFromPath, type ObjectKey } from '../core/path/index.js';
import { toConflictPolicy } from '../storage/conflict-policy.js';
import type { ConflictPolicy } from '../storage/storage-driver.js';

/**
 * The members of a JSON object that says what is to be changed.
 * @throws ProblemError validation-failed when it is no object, or has others than these
 */
export function membersOf(body: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalidBody('must be an object');
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalidBody(`may have the members ${known.join(', ')}, and no others`);
  return body as Record<string, unknown>;
}

/** @param name of the member, for who sent it. @throws ProblemError validation-failed; InvalidPathError */
export function pathIn(value: unknown, name: string): ObjectKey {
  if (typeof value !== 'string') throw invalidBody(`must have the member ${name}, a path as an entry has it`);
  return keyFromPath(value);
}

/** @throws ProblemError validation-failed */
export function conflictPolicyIn(value: unknown): ConflictPolicy {
  const policy = toConflictPolicy(value);
  if (!policy) throw invalidBody('must have fail, rename or replace as onConflict, if any');
  return policy;
}
