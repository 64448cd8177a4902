import { evaluatePreconditions, type Validators } from '../core/http/index.js';
import type { WriteConditions } from './storage-driver.js';
import { StorageError } from './storage-error.js';

/**
 * Evaluates preconditions before a change (RFC 9110 §13.1).
 * @param validators of the file that is there; undefined when there is none
 * @throws {StorageError} `precondition-failed`
 */
export function checkConditions(
  conditions: WriteConditions | undefined,
  validators: Validators | undefined,
): void {
  if (!conditions) return;
  // Without a representation If-Match fails whatever it says, and the other conditions hold (§13.1.1 to §13.1.4).
  const holds = validators
    ? evaluatePreconditions({ method: 'PUT', ...conditions }, validators, Date.now()) === 'proceed'
    : conditions.ifMatch === undefined;
  if (!holds) throw new StorageError('precondition-failed');
}
