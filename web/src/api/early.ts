declare global {
  interface Window {
    /** An answer that was asked for before the page was there, by `src/early.ts`. */
    playheadEarly?: { readonly url: string; readonly answer: Promise<Response> } | undefined;
  }
}

/** Fetches what the API is asked for; once, what is on its way already. */
export function fetchOrTake(request: Request): Promise<Response> {
  const early = window.playheadEarly;
  if (early?.url !== request.url || request.method !== 'GET') return fetch(request);
  window.playheadEarly = undefined;
  return early.answer;
}
