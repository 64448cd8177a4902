import { StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import type { BodyPart, Representation } from '../core/http/index.js';
import { SegmentStream, type Segment } from '../core/bytes/index.js';

/**
 * The body of an answer as Nest sends it: the planned parts of an opened representation. The representation is closed
 * when the stream is, whether it ended, failed or the client went away. All header fields come from the response
 * plan, so this adds none.
 */
export class FileSlice extends StreamableFile {
  constructor(representation: Representation, parts: readonly BodyPart[]) {
    const body = new SegmentStream(segments(representation, parts));
    // A descriptor that was only read from has nothing to lose when closing it fails.
    body.once('close', () => void representation.close().catch(() => undefined));
    super(body);
  }

  override getHeaders() {
    return NO_HEADERS;
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
}

const NO_HEADERS = { type: undefined, disposition: undefined, length: undefined } as unknown as ReturnType<
  StreamableFile['getHeaders']
>;

function* segments({ source }: Representation, parts: readonly BodyPart[]): Generator<Segment> {
  for (const part of parts) {
    if (part instanceof Uint8Array) yield part;
    else if (part.length > 0) yield { source, ...part };
  }
}
