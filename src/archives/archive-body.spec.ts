import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { objectKey } from '../core/path/index.js';
import { zipSize } from '../core/zip/index.js';
import { ArchiveBody } from './archive-body.js';
import type { Archive } from './archive.service.js';

const COUNT = 40_000;
const LENGTH = 200;

/** Of empty files: nothing in it is ever waited for. */
async function archiveOfNothing(onClose: () => void): Promise<Archive> {
  const members = Array.from({ length: COUNT }, (_, index) => {
    const name = String(index).padStart(LENGTH, '0');
    return { name, key: objectKey([name]), size: 0, modified: 0 };
  });
  return {
    name: 'nothing',
    members,
    size: await zipSize(members),
    open: () => Promise.reject(new Error('no file has bytes')),
    close: onClose,
  };
}

/** An answer on a connection that takes what it gets when `take` says so. */
function answer(take: (length: number, taken: () => void) => void): ServerResponse {
  const connection = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, callback) => take(chunk.length, callback),
  });
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  response.assignSocket(connection as Socket);
  return response;
}

describe('ArchiveBody', () => {
  it('lets others have their turn when all is taken at once, and closes the archive', async () => {
    let closed = 0;
    let sent = 0;
    const archive = await archiveOfNothing(() => closed++);
    const response = answer((length, taken) => {
      sent += length;
      taken();
    });
    response.setHeader('Content-Length', archive.size);
    let turns = 0;
    const body = new ArchiveBody(archive).sendTo(response);
    const isOver = body.then(() => true);
    while (!(await Promise.race([isOver, nextTurn(false)]))) turns++;
    expect(sent).toBeGreaterThan(archive.size);
    expect(turns).toBeGreaterThan(Math.floor(archive.size / 2 ** 20));
    expect(closed).toBe(1);
  });

  it('makes no more than is taken, and stops when the client goes', async () => {
    let closed = 0;
    let sent = 0;
    const archive = await archiveOfNothing(() => closed++);
    const response = answer((length) => (sent += length));
    const body = new ArchiveBody(archive).sendTo(response);
    for (let turn = 0; turn < 50; turn++) await nextTurn();
    expect(sent).toBeGreaterThan(0);
    expect(sent + response.writableLength).toBeLessThan(2 ** 18);
    expect(closed).toBe(0);
    response.destroy();
    await body;
    expect(closed).toBe(1);
  });
});
