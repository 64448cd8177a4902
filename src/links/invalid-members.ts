import type { ValidationError } from 'class-validator';
import { ProblemError } from '../core/problem/index.js';

/** One member of `errors` for each member of a query or body that is wrong or unknown. */
export function invalidMembers(
  detail: string,
  errors: readonly Pick<ValidationError, 'property' | 'constraints'>[],
): ProblemError {
  return new ProblemError('validation-failed', detail, {
    extensions: {
      errors: errors.map(({ property, constraints = {} }) => ({
        name: property,
        detail: Object.values(constraints).join('; '),
      })),
    },
  });
}
