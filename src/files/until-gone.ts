import type { ServerResponse } from 'node:http';

/**
 * Does something for a client that waits for it. When the client goes away it is called off by the signal, and resolves
 * to undefined: nobody is left to be told.
 */
export async function untilGone<Result>(
  response: ServerResponse,
  action: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | undefined> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.once('close', leave);
  try {
    return await action(gone.signal);
  } catch (error) {
    if (gone.signal.aborted) return undefined;
    throw error;
  } finally {
    response.off('close', leave);
  }
}
