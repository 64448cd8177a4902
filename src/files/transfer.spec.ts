import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemorySource, type ByteSource } from '../core/bytes/index.js';
import type { Representation } from '../core/http/index.js';
import { Transfer } from './transfer.js';

const SIZE = 1_000_000;
const MiB = 2 ** 20;

describe('Transfer', () => {
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
    response = await ask('Connection: close\r\n');
    failure = undefined;
    closed = 0;
  });
  afterEach(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });

  async function ask(fields: string): Promise<ServerResponse> {
    client.write(`GET / HTTP/1.1\r\nHost: a\r\n${fields}\r\n`);
    const [, answer] = (await once(server, 'request')) as [unknown, ServerResponse];
    return answer;
  }

  const bytes = Buffer.from(Array.from({ length: SIZE }, (_, index) => index & 0xff));

  function send(source: ByteSource, parts = [{ offset: 0, length: SIZE }]): Promise<void> {
    const representation = {
      source,
      close: () => {
        closed++;
        return Promise.resolve();
      },
    } as Partial<Representation> as Representation;
    const fail = (error: Error) => {
      failure = error;
      response.destroy();
    };
    return new Transfer(representation, parts, fail).send(response);
  }

  /** A source that must be waited for, and the lengths that were read from it. */
  function slow(content: Buffer = bytes): ByteSource & { lengths: number[] } {
    const lengths: number[] = [];
    const memory = new MemorySource(content);
    return {
      size: SIZE,
      lengths,
      read: (offset, length) => memory.read(offset, length),
      readInto: (target, offset) => {
        lengths.push(target.length);
        return memory.readInto(target, offset);
      },
      stream: (offset, length) => memory.stream(offset, length),
    };
  }

  /** As many bytes as one asks for, without any of it. */
  function endless(): ByteSource & { lengths: number[] } {
    const source = slow();
    source.readNow = (target) => {
      source.lengths.push(target.length);
      return target.length;
    };
    return source;
  }

  const body = () => Buffer.concat(received).subarray(Buffer.concat(received).indexOf('\r\n\r\n') + 4);
  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

  it('sends exactly the planned bytes and closes, from memory and from disk', async () => {
    for (const source of [new MemorySource(bytes), slow()]) {
      response = await reconnect();
      response.setHeader('Content-Length', 600_005);
      await send(source, [
        { offset: 10, length: 5 },
        { offset: 300_000, length: 600_000 },
      ]);
      await once(client, 'close');
      expect(body().equals(Buffer.concat([bytes.subarray(10, 15), bytes.subarray(300_000, 900_000)]))).toBe(
        true,
      );
    }
    expect(closed).toBe(2);
  });

  async function reconnect(): Promise<ServerResponse> {
    client.destroy();
    received = [];
    client = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => undefined);
    client.on('data', (chunk) => received.push(chunk));
    return ask('Connection: close\r\n');
  }

  it('fails, and closes, when the source ends first', async () => {
    for (const short of [999_999, 5])
      for (const source of [new MemorySource(bytes.subarray(0, short)), slow(bytes.subarray(0, short))]) {
        failure = undefined;
        response = await reconnect();
        await send(source);
        await settled();
        expect(failure).toMatchObject({ name: 'SourceLengthError' });
      }
    expect(closed).toBe(4);
  });

  it('closes when the connection breaks while the file is read', async () => {
    const source = slow();
    // The socket is gone, and the response does not know it yet.
    source.readInto = (target) => {
      response.socket!.destroy();
      return Promise.resolve(target.length);
    };
    await send(source);
    await settled();
    expect(failure).toBeUndefined();
    expect(closed).toBe(1);
  });

  it('does not hold what it read ahead for a client that takes nothing', async () => {
    const source = slow();
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
    const sending = send(source, [{ offset: 0, length: size }]);
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
    const sending = send(endless(), [{ offset: 0, length: 2 ** 30 }]);
    await settled();
    expect(closed).toBe(0);
    client.resetAndDestroy();
    await sending;
    await settled();
    expect(closed).toBe(1);
  });

  it('trusts a client with large blocks once it has taken much, and not after it held up', async () => {
    const source = endless();
    const length = 64 * MiB;
    client.removeAllListeners('data').resume();
    response.setHeader('Content-Length', length);
    await send(source, [{ offset: 0, length }]);
    expect(Math.max(...source.lengths.slice(0, 100))).toBe(8 * 1024);
    expect(source.lengths.at(-1)).toBe(512 * 1024);

    response = await reconnect();
    client.pause();
    source.lengths.length = 0;
    const sending = send(source, [{ offset: 0, length: 2 ** 30 }]);
    await new Promise((resolve) => setTimeout(resolve, 120));
    client.resume();
    await once(client, 'data');
    expect(source.lengths.at(-1)).toBe(8 * 1024);
    client.resetAndDestroy();
    await sending;
  });

  it('lets others have their turn while it sends what waits for nothing', async () => {
    const parts = Array.from({ length: 20_000 }, (_, index) => ({ offset: index, length: 1 }));
    response.setHeader('Content-Length', parts.length);
    let turns = 0;
    const count = () => {
      turns++;
      counting = setImmediate(count);
    };
    let counting = setImmediate(count);
    await send(new MemorySource(bytes), parts);
    clearImmediate(counting);
    expect(turns).toBeGreaterThan(50);
    await once(client, 'close');
    expect(body().equals(bytes.subarray(0, parts.length))).toBe(true);
  });
});
