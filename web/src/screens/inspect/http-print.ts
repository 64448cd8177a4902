import type { HttpReport } from './http-check.ts';

/**
 * The outcome of tests as text that can be sent to somebody. In the words of HTTP, so the same in every language.
 * @param absolute makes a URL that can be tried elsewhere
 */
export function printHttp(
  results: readonly { readonly http: HttpReport }[],
  absolute: (url: string) => string,
): string {
  return results
    .map(({ http: { url, checks, firstByte } }) => {
      const lines = checks.map(
        ({ name, ok, got, wanted }) =>
          `${ok ? 'ok    ' : 'FAILED'} ${name}: ${got}${ok ? '' : ` (wanted: ${wanted})`}`,
      );
      const time = firstByte === undefined ? [] : [`first byte after ${Math.round(firstByte)} ms`];
      return [absolute(url), ...lines, ...time].join('\n');
    })
    .join('\n\n');
}
