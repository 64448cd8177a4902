import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Connections } from './connections.js';

const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

describe('Connections', () => {
  let server: Server;
  let connections: Connections;
  let client: net.Socket;
  let received: string;
  /** Lets all answers go that wait. */
  let release: () => void;

  beforeEach(async () => {
    const released = new Promise<void>((resolve) => (release = resolve));
    server = createServer((_request, response) => void released.then(() => response.end('done')));
    connections = new Connections(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    client = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
    received = '';
    client.on('data', (chunk) => (received += chunk.toString()));
    client.on('error', () => undefined);
  });
  afterEach(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });

  it('answers everything already asked for in a pipeline, then closes', async () => {
    client.write(REQUEST.repeat(3));
    // One read of the socket holds all three: their events come together.
    await once(server, 'request');
    const closed = once(client, 'close');
    const drained = connections.drain(5000);
    release();
    expect(await drained).toBe(0);
    await closed;
    expect(received.match(/\r\n\r\ndone/g)).toHaveLength(3);
    expect(received.match(/Connection: close/g)).toHaveLength(1);
  });

  it('closes idle connections at once', async () => {
    release();
    client.write(REQUEST);
    await once(client, 'data');
    expect(await connections.drain(5000)).toBe(0);
  });

  it('closes a connection that becomes idle while it drains', async () => {
    client.write(REQUEST);
    await once(server, 'request');
    const closed = once(client, 'close');
    const drained = connections.drain(5000);
    setTimeout(release, 50);
    expect(await drained).toBe(0);
    await closed;
    expect(received).toMatch(/done$/);
  });

  it('breaks off and counts what does not finish in time', async () => {
    client.write(REQUEST);
    await once(server, 'request');
    expect(await connections.drain(50)).toBe(1);
    expect(received).toBe('');
  });

  it('does not wait for a connection that never asked for anything', async () => {
    await once(server, 'connection');
    expect(await connections.drain(5000)).toBe(0);
  });

  it('runs a task when everything before it is answered, and never on a broken connection', async () => {
    const [socket] = (await once(server, 'connection')) as [net.Socket];
    let ran = 0;
    connections.whenIdle(socket, () => ran++);
    expect(ran).toBe(1);
    client.write(REQUEST);
    await once(server, 'request');
    connections.whenIdle(socket, () => ran++);
    expect(ran).toBe(1);
    release();
    await once(client, 'data');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ran).toBe(2);
  });
});
