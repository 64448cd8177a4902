import { ProblemError } from './problem.js';

/** validation-failed, with a member of `errors` for each parameter of a query that is wrong or unknown. */
export function invalidQuery(
  errors: readonly { readonly name: string; readonly detail: string }[],
): ProblemError {
  return new ProblemError(
    'validation-failed',
    'Some parameters of the query are wrong; `errors` says which and why.',
    { extensions: { errors } },
  );
}
