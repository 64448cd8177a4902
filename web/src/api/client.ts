import createClient from 'openapi-fetch';
import { chosenLanguage } from '../i18n/language.svelte.ts';
import { base, encodePath } from './base.ts';
import { fetchOrTake } from './early.ts';
import { problemOf } from './problem.ts';
import type { paths } from './schema.d.ts';

/**
 * The API, typed by the contract. Slashes of a path stay slashes. Answers of 4xx and 5xx are thrown by `data`.
 */
export const api = createClient<paths>({
  baseUrl: base,
  fetch: fetchOrTake,
  // Browsers ask for a password of their own accord where a script did not say that it is one.
  headers: { 'X-Requested-With': 'fetch' },
  pathSerializer: (template, parameters) =>
    template.replace(/\{(\w+)\}/g, (_, name: string) => encodePath(`${parameters[name] as string | number}`)),
});

/** Names are sorted in the language that was chosen here; without a choice the browser sends its own. */
api.use({
  onRequest({ request }) {
    const language = chosenLanguage();
    if (language !== '') request.headers.set('Accept-Language', language);
  },
});

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** What a request is answered with. @throws ApiProblem for every answer that is a problem, and when there is none at all */
export async function data<T>(request: Promise<Answer<T>>): Promise<NonNullable<T>> {
  const {
    data: value,
    error,
    response,
  } = await request.catch((cause: unknown) => {
    // Whoever called it off knows.
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw problemOf(undefined, undefined);
  });
  if (!response.ok) throw problemOf(error, response);
  return value as NonNullable<T>;
}
