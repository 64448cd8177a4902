import { invalidBody } from '../auth/read-json.js';
import { InvalidPathError, objectKey, type ObjectKey } from '../core/path/index.js';

/** What is to be rewritten, and how. */
export interface OptimizationRequest {
  readonly key: ObjectKey;
  /** Whether the old file stays beside the new one, as `name.orig.ext`. */
  readonly keepOriginal: boolean;
}

/** @throws ProblemError validation-failed; InvalidPathError for a path that can name no file */
export function toOptimizationRequest(body: unknown): OptimizationRequest {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  const { path, keepOriginal = false, ...unknown } = (isObject ? body : {}) as Record<string, unknown>;
  if (typeof path !== 'string' || typeof keepOriginal !== 'boolean' || Object.keys(unknown).length > 0)
    throw invalidBody('must have the member path, text, may have keepOriginal, true or false, and no others');
  // Half of a surrogate pair is no character: no URL could name such a file.
  if (!path.isWellFormed()) throw new InvalidPathError('The path is not Unicode text.');
  return { key: objectKey(path.split('/')), keepOriginal };
}
