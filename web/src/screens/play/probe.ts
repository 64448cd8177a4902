import { problemOf, type ApiProblem } from '../../api/problem.ts';

/** What the server says to who asks for the first bytes of a stream: they are there, or why not. */
export type Answer =
  { readonly state: 'there' } | { readonly state: 'refused'; readonly problem: ApiProblem };

/** Asks for one byte: an element that fails does not say what the server answered. Never rejects. */
export async function probeStream(url: string, signal: AbortSignal): Promise<Answer> {
  const headers = { Range: 'bytes=0-0', 'X-Requested-With': 'fetch' };
  try {
    const response = await fetch(url, { headers, signal, cache: 'no-store' });
    // An empty file has no first byte.
    if (response.ok || response.status === 416) {
      await response.body?.cancel();
      return { state: 'there' };
    }
    const document: unknown = await response.json().catch(() => undefined);
    return { state: 'refused', problem: problemOf(document, response) };
  } catch {
    return { state: 'refused', problem: problemOf(undefined, undefined) };
  }
}
