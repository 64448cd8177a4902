import { ProblemError } from '../core/problem/index.js';

/** @param detail what is wrong with the field */
export function invalidField(name: string, detail: string): ProblemError {
  return new ProblemError(
    'validation-failed',
    'A field of the header is not what this takes; `errors` says why.',
    {
      extensions: { errors: [{ name, detail }] },
    },
  );
}
