import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { BodyPart, ByteRange, Representation } from '../core/http/index.js';
import { BufferPool, SegmentStream, SourceLengthError, type Segment } from '../core/bytes/index.js';

/** Up to this many bytes are read into memory of their own and sent with the header. */
const SHORT = 16 * 1024;

/** What a longer transfer reads and writes at a time, and so what a slow client holds in memory: one buffer. */
const POOL = new BufferPool(128 * 1024, 64);

const NO_HEADERS = { type: undefined, disposition: undefined, length: undefined } as unknown as ReturnType<
  StreamableFile['getHeaders']
>;

/**
 * The body of an answer: the planned parts of an opened representation, to the byte. The representation is closed when
 * the body ended, failed or the client went away. All header fields come from the response plan, so this adds none.
 *
 * The server's own adapter lets it send itself ({@link sendTo}); with any other it is piped as the StreamableFile it is.
 */
export class FileSlice extends StreamableFile {
  constructor(
    private readonly representation: Representation,
    private readonly parts: readonly BodyPart[],
  ) {
    const body = new SegmentStream(segments(representation, parts));
    // A descriptor that was only read from has nothing to lose when closing it fails.
    body.once('close', () => void representation.close().catch(() => undefined));
    super(body);
  }

  override getHeaders() {
    return NO_HEADERS;
  }

  /** Writes the body with nothing between the file and the socket: a read, a write, and the next when that has gone. */
  async sendTo(response: ServerResponse): Promise<void> {
    try {
      for (const [index, part] of this.parts.entries()) {
        const isLast = index === this.parts.length - 1;
        if (!(part instanceof Uint8Array)) {
          if (!(await this.#sendRange(response, part, isLast))) return;
        } else if (isLast) {
          response.end(part);
        } else if (!(await write(response, part))) {
          return;
        }
      }
    } catch (error) {
      this.errorHandler(error as Error, response as unknown as Parameters<StreamableFile['errorHandler']>[1]);
    } finally {
      this.getStream().destroy();
    }
  }

  /**
   * False when the client has gone.
   * @param isLast whether the answer ends with this range: a short one then goes out together with its header.
   * @throws SourceLengthError when the source ends first
   */
  async #sendRange(
    response: ServerResponse,
    { offset, length }: ByteRange,
    isLast: boolean,
  ): Promise<boolean> {
    const { source } = this.representation;
    if (length <= SHORT) {
      const chunk = await source.read(offset, length);
      if (chunk.length !== length) throw new SourceLengthError(length, chunk.length);
      if (!isLast) return write(response, chunk);
      response.end(chunk);
      return true;
    }
    for (let sent = 0; sent < length;) {
      const buffer = POOL.acquire();
      const chunk = buffer.subarray(0, Math.min(buffer.length, length - sent));
      try {
        const bytesRead = await source.readInto(chunk, offset + sent);
        if (bytesRead !== chunk.length) throw new SourceLengthError(length, sent + bytesRead);
        sent += bytesRead;
        if (!(await write(response, chunk))) return false;
      } finally {
        POOL.release(buffer);
      }
    }
    if (isLast) response.end();
    return true;
  }
}

/** An answer without a body: HEAD, 304. Nothing is read. */
export class EmptySlice extends StreamableFile {
  constructor() {
    super(Readable.from([], { objectMode: false }));
  }

  override getHeaders() {
    return NO_HEADERS;
  }

  sendTo(response: ServerResponse): void {
    response.end();
  }
}

/**
 * Resolves when the chunk has left for the network and its memory is free again: to false when the client has gone. A
 * connection that breaks may never call back for what was written to it, so its closing is listened for too.
 */
function write(response: ServerResponse, chunk: Uint8Array): Promise<boolean> {
  if (response.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const settle = (error?: Error | null) => {
      response.off('close', settle);
      resolve(!error && !response.destroyed);
    };
    response.once('close', settle);
    response.write(chunk, settle);
  });
}

function* segments({ source }: Representation, parts: readonly BodyPart[]): Generator<Segment> {
  for (const part of parts) {
    if (part instanceof Uint8Array) yield part;
    else if (part.length > 0) yield { source, ...part };
  }
}
