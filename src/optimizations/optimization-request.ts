import { invalidBody } from '../auth/read-json.js';
import { membersOf, pathIn } from '../changes/change-body.js';
import { InvalidPathError, ROOT_KEY, type ObjectKey } from '../core/path/index.js';

/** What is to be rewritten, and how. */
export interface OptimizationRequest {
  readonly key: ObjectKey;
  /** Whether the old file stays beside the new one, as `name.orig.ext`. */
  readonly keepOriginal: boolean;
}

/** @throws ProblemError validation-failed; InvalidPathError for a path that can name no file */
export function toOptimizationRequest(body: unknown): OptimizationRequest {
  const { path, keepOriginal = false } = membersOf(body, ['path', 'keepOriginal']);
  if (typeof keepOriginal !== 'boolean') throw invalidBody('must have true or false as keepOriginal, if any');
  const key = pathIn(path, 'path');
  if (key === ROOT_KEY) throw new InvalidPathError('This is the served folder itself; name a file in it.');
  return { key, keepOriginal };
}
