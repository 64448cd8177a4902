import type { ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import { SourceLengthError } from '../core/bytes/index.js';
import { ProblemError } from '../core/problem/index.js';
import { writeZip } from '../core/zip/index.js';
import { Outgoing } from '../files/outgoing.js';
import type { IdentifiedRequest } from '../logging/request-log.js';
import { sendProblem } from '../problem/send-problem.js';
import { StorageError } from '../storage/storage-error.js';
import type { Archive } from './archive.service.js';
import type { PlannedMember } from './folder-walk.js';

/**
 * The body of an answer: the archive as it was planned, to the byte. A file that has changed its length since, or
 * cannot be read, breaks the connection: nothing that looks like a whole archive is ever sent. The archive is closed at
 * the end, whatever that is.
 */
export class ArchiveBody {
  private readonly logger = new Logger('Archive');
  #current: PlannedMember | undefined;

  constructor(private readonly archive: Archive) {}

  /** Called by the server's adapter. Writes a block, and takes the next when it has gone. */
  async sendTo(response: ServerResponse): Promise<void> {
    const { archive } = this;
    const outgoing = new Outgoing(response);
    const open = (member: PlannedMember) => archive.open((this.#current = member));
    try {
      for await (const block of writeZip(archive.members, open)) {
        if (outgoing.hasHadItsShare) await outgoing.letOthers();
        if (!outgoing.write(block, false) && !(await outgoing.taken())) return;
      }
      response.end();
    } catch (error) {
      this.#fail(error, response);
    } finally {
      archive.close();
    }
  }

  #fail(error: unknown, response: ServerResponse): void {
    const { id } = response.req as IdentifiedRequest;
    const isGone = error instanceof StorageError && error.reason === 'missing';
    const isOther = error instanceof SourceLengthError;
    const cause = isGone
      ? 'a file vanished'
      : isOther
        ? 'a file changed its length'
        : 'a file cannot be read';
    const line = { err: error, reqId: id, entry: this.#current?.key };
    this.logger.error(line, `${cause} while it was archived: transfer broken off`);
    sendProblem(response, new ProblemError('internal', 'A file could not be archived. Try again.'), id);
  }
}
