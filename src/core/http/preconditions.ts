import { strongEquals, weakEquals } from './entity-tag.js';
import type { RequestConditions } from './request-conditions.js';
import { hasStrongLastModified, lastModifiedSecond, type Validators } from './validators.js';

export type PreconditionResult = 'proceed' | 'not-modified' | 'precondition-failed';

/**
 * Evaluates the preconditions of a request for an existing representation in the order of RFC 9110 §13.2.2.
 * If-Match switches If-Unmodified-Since off, If-None-Match switches If-Modified-Since off.
 */
export function evaluatePreconditions(
  conditions: RequestConditions,
  validators: Validators,
  now: number,
): PreconditionResult {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  const isRead = conditions.method === 'GET' || conditions.method === 'HEAD';
  const lastModified = lastModifiedSecond(validators, now);

  if (ifMatch !== undefined) {
    const matches = ifMatch === '*' || ifMatch.some((tag) => strongEquals(tag, validators.etag));
    if (!matches) return 'precondition-failed';
  } else if (ifUnmodifiedSince !== undefined && lastModified > ifUnmodifiedSince) {
    return 'precondition-failed';
  }

  if (ifNoneMatch !== undefined) {
    const matches = ifNoneMatch === '*' || ifNoneMatch.some((tag) => weakEquals(tag, validators.etag));
    if (matches) return isRead ? 'not-modified' : 'precondition-failed';
  } else if (isRead && ifModifiedSince !== undefined && lastModified <= ifModifiedSince) {
    return 'not-modified';
  }
  return 'proceed';
}

/**
 * Whether Range may be honoured (RFC 9110 §13.1.5). A tag compares strongly; a date counts only when it is exactly
 * the Last-Modified sent and that date is a strong validator. "Not older than" is not enough: a file replaced by an
 * older one would be spliced.
 */
export function ifRangeHolds(conditions: RequestConditions, validators: Validators, now: number): boolean {
  const { ifRange } = conditions;
  if (ifRange === undefined) return true;
  if (ifRange === 'invalid') return false;
  if (typeof ifRange !== 'number') return strongEquals(ifRange, validators.etag);
  return hasStrongLastModified(validators, now) && ifRange === lastModifiedSecond(validators, now);
}
