import { Readable } from 'node:stream';

/** What the source of the content threw: nothing that the storage did. */
export class ContentError extends Error {}

/**
 * The pieces of a content until the signal ends them, even while the next one is waited for. A stream is not destroyed
 * when they are not all taken: it may be a request that is still to be answered.
 * @throws {ContentError} whose cause is what the source threw; the signal's reason
 */
export async function* readContent(
  content: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const pieces = iterate(content);
  let stop: (reason: unknown) => void = () => undefined;
  const onAbort = () => stop(signal!.reason);
  signal?.addEventListener('abort', onAbort);
  let isOver = false;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        stop = reject;
        pieces.next().then(resolve, (cause: unknown) => reject(new ContentError('the content', { cause })));
      });
      isOver = next.done === true;
      if (isOver) return;
      yield next.value as Uint8Array;
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    // Not waited for: it may hang where the content does.
    if (!isOver) pieces.return?.().catch(() => undefined);
  }
}

function iterate(content: AsyncIterable<Uint8Array>): AsyncIterator<Uint8Array> {
  if (!(content instanceof Readable)) return content[Symbol.asyncIterator]();
  return content.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
}
