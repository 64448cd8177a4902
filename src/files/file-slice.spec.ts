import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemorySource, type ByteSource } from '../core/bytes/index.js';
import type { Representation } from '../core/http/index.js';
import { FileSlice } from './file-slice.js';

const SIZE = 1_000_000;

describe('FileSlice.sendTo', () => {
  let server: Server;
  let client: net.Socket;
  let response: ServerResponse;
  let received: Buffer[];
  let failure: Error | undefined;
  let closed: number;

  beforeEach(async () => {
    server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    client = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => undefined);
    received = [];
    client.on('data', (chunk) => received.push(chunk));
    client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
    failure = undefined;
    closed = 0;
  });
  afterEach(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });

  const bytes = Buffer.from(Array.from({ length: SIZE }, (_, index) => index & 0xff));

  function slice(source: ByteSource, parts = [{ offset: 0, length: SIZE }]): FileSlice {
    const representation = {
      source,
      close: () => {
        closed++;
        return Promise.resolve();
      },
    } as Partial<Representation> as Representation;
    const body = new FileSlice(representation, parts);
    body.setErrorHandler((error) => {
      failure = error;
      response.destroy();
    });
    return body;
  }
  const body = () => Buffer.concat(received).subarray(Buffer.concat(received).indexOf('\r\n\r\n') + 4);
  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

  it('sends exactly the planned bytes and closes', async () => {
    response.setHeader('Content-Length', 600_005);
    await slice(new MemorySource(bytes), [
      { offset: 10, length: 5 },
      { offset: 300_000, length: 600_000 },
    ]).sendTo(response);
    await once(client, 'close');
    expect(body().equals(Buffer.concat([bytes.subarray(10, 15), bytes.subarray(300_000, 900_000)]))).toBe(
      true,
    );
    expect(closed).toBe(1);
  });

  it('fails, and closes, when the source ends first', async () => {
    for (const short of [999_999, 5]) {
      failure = undefined;
      await slice(new MemorySource(bytes.subarray(0, short))).sendTo(response);
      await settled();
      expect(failure).toMatchObject({ name: 'SourceLengthError' });
    }
    expect(closed).toBe(2);
  });

  it('closes when the connection breaks while the file is read', async () => {
    const source = new MemorySource(bytes);
    // The socket is gone, and the response does not know it yet.
    source.readInto = (target) => {
      response.socket!.destroy();
      return Promise.resolve(target.length);
    };
    await slice(source).sendTo(response);
    await settled();
    expect(failure).toBeUndefined();
    expect(closed).toBe(1);
  });

  it('does not hold what it read ahead for a client that takes nothing', async () => {
    const source: ByteSource = new MemorySource(Buffer.alloc(0));
    let furthest = 0;
    let readAgain = 0;
    source.readVector = (targets, from) => {
      const length = targets.reduce((sum, target) => sum + target.length, 0);
      readAgain += Math.max(0, furthest - from);
      furthest = from + length;
      return Promise.resolve(length);
    };
    const size = 2 ** 27;
    response.setHeader('Content-Length', size);
    const sending = slice(source, [{ offset: 0, length: size }]).sendTo(response);
    // It may stand still on the last block it has, and then has none to give back: not every time.
    for (let stop = 0; stop < 6 && readAgain === 0; stop++) {
      client.pause();
      await new Promise((resolve) => setTimeout(resolve, 120));
      client.resume();
      await once(client, 'data');
    }
    await sending;
    await once(client, 'close');
    expect(body().length).toBe(size);
    expect(readAgain).toBeGreaterThan(0);
  });

  it('closes when the connection breaks while the client takes nothing', async () => {
    client.pause();
    const source = new MemorySource(bytes);
    source.readInto = (target) => Promise.resolve(target.length);
    const sending = slice(source, [{ offset: 0, length: 2 ** 30 }]).sendTo(response);
    await settled();
    expect(closed).toBe(0);
    client.resetAndDestroy();
    await sending;
    await settled();
    expect(closed).toBe(1);
  });
});
