import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { BodyPart, ByteRange, Representation } from '../core/http/index.js';
import {
  BufferPool,
  readVector,
  SegmentStream,
  SourceLengthError,
  type ByteSource,
  type Segment,
} from '../core/bytes/index.js';
import { Outgoing } from './outgoing.js';

/** Up to this many bytes are read into memory of their own and sent with the header. */
const SHORT = 16 * 1024;

/**
 * What a longer transfer writes at a time, and so what a client that takes nothing holds in memory. Several are read at a
 * time for one that takes them fast.
 */
const POOL = new BufferPool(64 * 1024, 128);
const MOST_AHEAD = 8;
/** Milliseconds that blocks which were read ahead wait for a client before others get them. */
const PATIENCE = 50;

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
    this.#stream ??= new SegmentStream(segments(this.representation, this.parts)).once('close', () =>
      this.#close(),
    );
    return this.#stream;
  }

  /** Writes the body with nothing between the file and the socket: a read, a write, and the next when that has gone. */
  async sendTo(response: ServerResponse): Promise<void> {
    const outgoing = new Outgoing(response);
    try {
      const parts = this.parts.filter(({ length }) => length > 0);
      if (parts.length === 0) response.end();
      for (const [index, part] of parts.entries()) {
        const isLast = index === parts.length - 1;
        const isSent =
          part instanceof Uint8Array
            ? await outgoing.write(part, isLast)
            : await this.#sendRange(outgoing, part, isLast);
        if (!isSent) return;
      }
    } catch (error) {
      this.errorHandler(error as Error, response as unknown as Parameters<StreamableFile['errorHandler']>[1]);
    } finally {
      outgoing.dispose();
      this.#close();
    }
  }

  /**
   * False when the client has gone.
   * @throws SourceLengthError when the source ends first
   */
  async #sendRange(outgoing: Outgoing, { offset, length }: ByteRange, isLast: boolean): Promise<boolean> {
    const { source } = this.representation;
    if (length <= SHORT) {
      const chunk = await source.read(offset, length);
      if (chunk.length !== length) throw new SourceLengthError(length, chunk.length);
      return outgoing.write(chunk, isLast);
    }
    for (let sent = 0, ahead = MOST_AHEAD / 2; sent < length;) {
      const run = await readAhead(source, offset + sent, Math.min(length - sent, ahead * POOL.size));
      const written = await writeRun(outgoing, run, isLast && sent + run.length === length);
      if (written === undefined) return false;
      sent += written;
      ahead = written === run.length ? Math.min(MOST_AHEAD, ahead * 2) : 1;
    }
    return true;
  }

  #close(): void {
    // A descriptor that was only read from has nothing to lose when closing it fails.
    void this.representation.close().catch(() => undefined);
  }
}

/** Blocks that were read and not yet written. */
interface Run {
  readonly blocks: Buffer[];
  readonly length: number;
}

/** @throws SourceLengthError when the source ends first */
async function readAhead(source: ByteSource, offset: number, length: number): Promise<Run> {
  const blocks: Buffer[] = [];
  for (let left = length; left > 0; left -= POOL.size) blocks.push(POOL.acquire());
  const targets = blocks.map((block, index) => block.subarray(0, length - index * POOL.size));
  try {
    const bytesRead = await readVector(source, targets, offset);
    if (bytesRead !== length) throw new SourceLengthError(length, bytesRead);
    return { blocks, length };
  } catch (error) {
    blocks.forEach((block) => POOL.release(block));
    throw error;
  }
}

/**
 * Writes one block after the other. A client that does not take them keeps the one that is on its way; the others are
 * given back, to be read again when it goes on.
 * @returns how many bytes were written, or undefined when the client has gone
 */
async function writeRun(
  outgoing: Outgoing,
  { blocks, length }: Run,
  isLast: boolean,
): Promise<number | undefined> {
  let written = 0;
  for (let block = blocks.shift(); block; block = blocks.shift()) {
    const chunk = block.subarray(0, length - written);
    written += chunk.length;
    const leaving = outgoing.write(chunk, isLast && blocks.length === 0);
    const timer =
      blocks.length > 0 && outgoing.isHeldUp ? setTimeout(() => giveBack(blocks), PATIENCE) : undefined;
    const isSent = await leaving;
    clearTimeout(timer);
    POOL.release(block);
    if (!isSent) {
      giveBack(blocks);
      return undefined;
    }
  }
  return written;
}

function giveBack(blocks: Buffer[]): void {
  for (const block of blocks.splice(0)) POOL.release(block);
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
