import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { SegmentStream, type Segment } from '../core/bytes/index.js';
import type { BodyPart, Representation } from '../core/http/index.js';
import { Transfer } from './transfer.js';

const NO_HEADERS = { type: undefined, disposition: undefined, length: undefined } as unknown as ReturnType<
  StreamableFile['getHeaders']
>;
/** What a StreamableFile is given to hold: {@link FileSlice} makes its stream when it is asked for, which few do. */
const NOT_YET = { pipe: () => undefined } as unknown as Readable;

/**
 * The body of an answer: the planned parts of an opened representation, to the byte. The representation is closed when
 * the body ended, failed or the client went away. All header fields come from the response plan, so this adds none.
 *
 * The server's own adapter lets it send itself ({@link sendTo}); with any other it is piped as the StreamableFile it is.
 */
export class FileSlice extends StreamableFile {
  #stream: Readable | undefined;

  constructor(
    private readonly representation: Representation,
    private readonly parts: readonly BodyPart[],
  ) {
    super(NOT_YET);
  }

  override getHeaders() {
    return NO_HEADERS;
  }

  override getStream(): Readable {
    this.#stream ??= new SegmentStream(segments(this.representation, this.parts)).once('close', () => {
      // A descriptor that was only read from has nothing to lose when closing it fails.
      void this.representation.close().catch(() => undefined);
    });
    return this.#stream;
  }

  sendTo(response: ServerResponse): Promise<void> {
    const fail = (error: Error) =>
      this.errorHandler(error, response as unknown as Parameters<StreamableFile['errorHandler']>[1]);
    return new Transfer(this.representation, this.parts, fail).send(response);
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

function* segments({ source }: Representation, parts: readonly BodyPart[]): Generator<Segment> {
  for (const part of parts) {
    if (part instanceof Uint8Array) yield part;
    else if (part.length > 0) yield { source, ...part };
  }
}
