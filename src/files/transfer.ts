import type { ServerResponse } from 'node:http';
import { SourceLengthError } from '../core/bytes/index.js';
import type { BodyPart, ByteRange, Representation } from '../core/http/index.js';
import { Outgoing, PATIENCE } from './outgoing.js';
import { MOST_AHEAD, Run } from './run.js';

/** Up to this many bytes are read into memory of their own and sent with the header. */
const SHORT = 16 * 1024;

/**
 * Sends the planned parts of an opened representation, to the byte, with nothing between the file and the socket: a
 * read, a write, and the next when that has gone. The representation is closed when the body ended, failed or the
 * client went away.
 */
export class Transfer {
  /** @param onError told why the body cannot be completed; it answers or breaks the connection. */
  constructor(
    private readonly representation: Representation,
    private readonly parts: readonly BodyPart[],
    private readonly onError: (error: Error) => void,
  ) {}

  /** Resolves when it is over, however it ended. */
  async send(response: ServerResponse): Promise<void> {
    const outgoing = new Outgoing(response);
    try {
      const parts = this.parts.filter(({ length }) => length > 0);
      if (parts.length === 0) response.end();
      for (const [index, part] of parts.entries()) {
        const isLast = index === parts.length - 1;
        const isSent =
          part instanceof Uint8Array
            ? outgoing.write(part, isLast) || (await outgoing.taken())
            : await this.#sendRange(outgoing, part, isLast);
        if (!isSent) return;
      }
    } catch (error) {
      this.onError(error as Error);
    } finally {
      // A descriptor that was only read from has nothing to lose when closing it fails.
      void this.representation.close().catch(() => undefined);
    }
  }

  /**
   * What is read at once is written at once, with no promise between: otherwise the answers of one turn would all be read
   * first, and would have left the processor's cache when they are written.
   * @returns false when the client has gone
   * @throws SourceLengthError when the source ends first; what the source throws
   */
  async #sendRange(outgoing: Outgoing, { offset, length }: ByteRange, isLast: boolean): Promise<boolean> {
    const { source } = this.representation;
    if (outgoing.hasHadItsShare) await outgoing.letOthers();
    if (length <= SHORT) {
      const memory = Buffer.allocUnsafe(length);
      const bytesRead = source.readNow?.(memory, offset) ?? (await source.readInto(memory, offset));
      if (bytesRead !== length) throw new SourceLengthError(length, bytesRead);
      return outgoing.write(memory, isLast) || outgoing.taken();
    }
    for (let sent = 0, ahead = MOST_AHEAD / 2; sent < length;) {
      if (outgoing.hasHadItsShare) await outgoing.letOthers();
      const { isQuick } = outgoing;
      const at = offset + sent;
      const left = length - sent;
      const run = Run.now(source, at, left, isQuick) ?? (await Run.ahead(source, at, left, isQuick, ahead));
      const written = await writeRun(outgoing, run, isLast && run.length === left);
      if (written === undefined) return false;
      sent += written;
      ahead = written === run.length ? Math.min(MOST_AHEAD, ahead * 2) : 1;
    }
    return true;
  }
}

/**
 * Writes one block after the other. A client that does not take them keeps the one that is on its way; the others are
 * given back, to be read again when it goes on.
 * @returns how many bytes were written, or undefined when the client has gone
 */
async function writeRun(outgoing: Outgoing, run: Run, isLast: boolean): Promise<number | undefined> {
  let written = 0;
  for (let block = run.take(); block; block = run.take()) {
    const chunk = block.subarray(0, run.length - written);
    written += chunk.length;
    let isSent = outgoing.write(chunk, isLast && !run.isLeft);
    if (!isSent) {
      const timer = run.isLeft ? setTimeout(() => run.giveBack(), PATIENCE) : undefined;
      isSent = await outgoing.taken();
      clearTimeout(timer);
    }
    run.release(block);
    if (isSent) continue;
    run.giveBack();
    return undefined;
  }
  return written;
}
