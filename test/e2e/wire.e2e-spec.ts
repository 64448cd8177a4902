import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { exchange, get } from '../support/raw-socket.js';

describe('on the wire', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead({ headersTimeout: 1, keepAliveTimeout: 1 });
    await writeFile(path.join(playhead.root, 'a.txt'), 'hello');
  });
  afterAll(() => playhead.close());
  const send = (text: string, options?: Parameters<typeof exchange>[2]) =>
    exchange(playhead.port, text, options);
  const headers = (...lines: string[]) => [...lines, '', ''].join('\r\n');

  it.each([
    ['no Host (RFC 9112 §3.2)', headers('GET /files/a.txt HTTP/1.1'), 400],
    ['two Hosts', headers('GET /files/a.txt HTTP/1.1', 'Host: a', 'Host: a'), 400],
    ['an invalid Host', headers('GET /files/a.txt HTTP/1.1', 'Host: a b'), 400],
    ['HTTP/2.0 in the request line', headers('GET /files/a.txt HTTP/2.0', 'Host: a'), 505],
    ['HTTP/1.2', headers('GET /files/a.txt HTTP/1.2', 'Host: a'), 505],
    ['the HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
    ['no HTTP at all', 'hello there\r\n\r\n', 400],
    ['an unknown method', headers('BREW /files/a.txt HTTP/1.1', 'Host: a'), 501],
    ['CONNECT', headers('CONNECT a:443 HTTP/1.1', 'Host: a'), 501],
    ['a space before a colon', headers('GET /files/a.txt HTTP/1.1', 'Host: a', 'X : y'), 400],
    [
      'a header over 16 KiB',
      headers('GET /files/a.txt HTTP/1.1', 'Host: a', `X: ${'y'.repeat(20_000)}`),
      431,
    ],
    ['a request line over 16 KiB (§3)', headers(`GET /files/${'y'.repeat(20_000)} HTTP/1.1`, 'Host: a'), 414],
    ['bare line feeds (§2.2)', 'GET /files/a.txt HTTP/1.1\nHost: a\n\n', 400],
    ['an https target without TLS (RFC 9110 §7.4)', get('https://a/files/a.txt'), 421],
    ['a target without a host (RFC 9110 §4.2.1)', get('http:///files/a.txt'), 400],
    ['a target of another scheme', get('ftp://a/files/a.txt'), 400],
    ['a fragment in the target', get('/files/a.txt#t=10'), 400],
    ['* for anything but OPTIONS (§3.2.4)', get('*'), 400],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + '\0'.repeat(60), 400],
    [
      'Content-Length and Transfer-Encoding',
      headers('POST /files/a.txt HTTP/1.1', 'Host: a', 'Content-Length: 1', 'Transfer-Encoding: chunked'),
      400,
    ],
    [
      'two different Content-Lengths',
      headers('POST /files/a.txt HTTP/1.1', 'Host: a', 'Content-Length: 1', 'Content-Length: 2'),
      400,
    ],
    [
      'an unknown transfer coding',
      headers('POST /files/a.txt HTTP/1.1', 'Host: a', 'Transfer-Encoding: gzip, chunked'),
      501,
    ],
    [
      'a transfer coding in HTTP/1.0',
      headers('POST /files/a.txt HTTP/1.0', 'Host: a', 'Transfer-Encoding: chunked'),
      400,
    ],
    [
      'an expectation it does not know',
      headers('GET /files/a.txt HTTP/1.1', 'Host: a', 'Expect: a-pony'),
      417,
    ],
  ])('refuses %s and closes', async (_, request, status) => {
    const { text, closed } = await send(request);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text).toMatch(/content-type: application\/problem\+json/i);
    expect(text).toMatch(/connection: close/i);
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4))).toMatchObject({ status });
    expect(text.match(/^HTTP\/1\.1 \d/gm)).toHaveLength(1);
    expect(closed).toBe(true);
  });

  it('takes the absolute form of a target (RFC 9112 §3.2.2)', async () => {
    const { text } = await send(get('http://other.example/files/a.txt?x', 'Connection: close'));
    expect(text).toMatch(/^HTTP\/1\.1 200 [^]*hello$/);
  });

  it('speaks HTTP/1.0, with and without Host', async () => {
    const { text, closed } = await send('GET /files/a.txt HTTP/1.0\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 200 [^]*hello$/);
    expect(closed).toBe(true);
  });

  it('answers a client that closes its half after the request', async () => {
    const { text, closed } = await send(get('/files/a.txt'), { halfClose: true });
    expect(text).toMatch(/^HTTP\/1\.1 200 [^]*hello$/);
    expect(closed).toBe(true);
  });

  it('refuses an upload before its body is sent (Expect: 100-continue)', async () => {
    const { text } = await send(
      headers('PUT /files/a.txt HTTP/1.1', 'Host: a', 'Content-Length: 1000', 'Expect: 100-continue'),
    );
    expect(text).toMatch(/^HTTP\/1\.1 405 /);
    expect(text).toMatch(/allow: GET, HEAD, OPTIONS/i);
  });

  it('keeps the connection in step after a body nobody wanted', async () => {
    const put = `${headers('PUT /files/a.txt HTTP/1.1', 'Host: a', 'Content-Length: 5')}12345`;
    const chunked = `${headers('POST /files/a.txt HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked')}3\r\nabc\r\n0\r\n\r\n`;
    const body = `${get('/files/a.txt', 'Content-Length: 3')}xyz`;
    const { text } = await send(put + chunked + body + get('/files/a.txt', 'Connection: close'));
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual([
      'HTTP/1.1 405',
      'HTTP/1.1 405',
      'HTTP/1.1 200',
      'HTTP/1.1 200',
    ]);
  });

  it('gives up on a request header that does not come (slow loris)', async () => {
    const { text, closed } = await send('GET /files/a.txt HTTP/1.1\r\nHost: a\r\nX-Slow', { ms: 5000 });
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(closed).toBe(true);
  });

  it('closes a connection that stays idle', async () => {
    const { text, closed } = await send(get('/files/a.txt'), { ms: 5000 });
    expect(text).toMatch(/keep-alive: timeout=1/i);
    expect(closed).toBe(true);
  });

  it('gives up on a client that takes nothing', async () => {
    const slow = await startPlayhead({ idleTimeout: 1 });
    try {
      await writeFile(path.join(slow.root, 'big.bin'), Buffer.alloc(64 * 2 ** 20));
      const socket = net.connect(slow.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(get('/files/big.bin'));
      socket.pause();
      await new Promise((resolve) => setTimeout(resolve, 3000));
      expect(slow.log.filter(({ msg }) => msg.includes('broken off'))).toHaveLength(1);
      socket.destroy();
    } finally {
      await slow.close();
    }
  });

  describe('behind a good request', () => {
    const good = get('/files/a.txt');
    const statuses = (text: string) => text.match(/HTTP\/1\.1 \d{3} /g)?.map((line) => Number(line.slice(9)));

    it.each([
      ['no HTTP', 'hello\r\n\r\n', 400],
      ['an unknown method', headers('BREW /files/a.txt HTTP/1.1', 'Host: a'), 501],
      ['a bad header', headers('GET /files/a.txt HTTP/1.1', 'Host: a', 'X : y'), 400],
      [
        'a header too large',
        headers('GET /files/a.txt HTTP/1.1', 'Host: a', `X: ${'y'.repeat(20_000)}`),
        431,
      ],
      ['CONNECT', headers('CONNECT a:1 HTTP/1.1', 'Host: a:1'), 501],
      ['no Host', headers('GET /files/a.txt HTTP/1.1'), 400],
    ])('%s is refused after the good answer, not instead of it (RFC 9112 §9.3.2)', async (_, bad, status) => {
      const { text, closed } = await send(good + bad);
      expect(statuses(text)).toEqual([200, status]);
      expect(text).toMatch(/\r\n\r\nhelloHTTP/);
      expect(closed).toBe(true);
    });

    it('a long answer arrives whole before the refusal', async () => {
      const size = 8 * 2 ** 20;
      await writeFile(path.join(playhead.root, 'long.bin'), Buffer.alloc(size, 'x'));
      for (const bad of ['garbage\r\n\r\n', headers('CONNECT a:1 HTTP/1.1', 'Host: a:1')]) {
        const { text } = await send(get('/files/long.bin') + bad, { ms: 6000 });
        expect(text.lastIndexOf('HTTP/1.1 ')).toBe(text.indexOf('\r\n\r\n') + 4 + size);
      }
    });

    it.each([
      ['after Connection: close', get('/files/a.txt', 'Connection: close') + good],
      ['after HTTP/1.0', `GET /files/a.txt HTTP/1.0\r\n\r\n${good}`],
      ['stray bytes after the last', `${get('/files/a.txt', 'Connection: close')}X`],
    ])('%s nothing more is answered, and nothing lost', async (_, text) => {
      const answer = await send(text);
      expect(statuses(answer.text)).toEqual([200]);
      expect(answer.text).toMatch(/\r\n\r\nhello$/);
    });

    it('a broken chunked body costs the connection, not the answer', async () => {
      const post = headers('GET /files/a.txt HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked');
      const { text, closed } = await send(`${post}zz\r\n`);
      expect(statuses(text)?.[0]).toBe(200);
      expect(closed).toBe(true);
    });

    it('an upgrade nobody offers does not leave the next request hanging', async () => {
      const upgrade = headers(
        'GET /files/a.txt HTTP/1.1',
        'Host: a',
        'Connection: Upgrade',
        'Upgrade: websocket',
      );
      const { text, closed } = await send(upgrade + good);
      expect(statuses(text)?.[0]).toBe(200);
      expect(closed).toBe(true);
    });
  });
});
