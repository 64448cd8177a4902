import { execFile } from 'node:child_process';
import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { rename, rm, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PlayheadAdapter } from '../../src/server/playhead-adapter.js';
import { keyPairFiles, VALID_UNTIL } from '../support/key-pair-files.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { PlayheadProcess, runPlayhead } from '../support/playhead-process.js';
import { descriptors } from '../support/process-state.js';
import { exchange, get } from '../support/raw-socket.js';
import { selfSigned } from '../support/self-signed.js';
import { basic, user } from '../support/users.js';

const SIZE = 32 * 2 ** 20;
const run = promisify(execFile);

describe('TLS', () => {
  let playhead: Playhead;
  let pair: { readonly tlsCert: string; readonly tlsKey: string };
  let content: Buffer;
  beforeAll(async () => {
    pair = await keyPairFiles();
    playhead = await startPlayhead({
      ...pair,
      hsts: 86_400,
      headersTimeout: 1,
      users: [user('alice', 'secret', '/:r')],
    });
    content = randomBytes(SIZE);
    await writeFile(path.join(playhead.root, 'film.mp4'), content);
  });
  afterAll(async () => {
    await playhead.close();
    await rm(path.dirname(pair.tlsCert), { recursive: true });
  });

  const connect = async (options: tls.ConnectionOptions = {}) => {
    const socket = tls.connect({
      port: playhead.port,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      ...options,
    });
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    return socket;
  };
  const openFiles = () => descriptors(process.pid).filter((name) => name.startsWith(playhead.root)).length;
  const until = async (condition: () => boolean) => {
    for (let i = 0; i < 200 && !condition(); i++) await sleep(20);
    expect(condition()).toBe(true);
  };

  it('sends whole files and ranges to the byte, also to who takes them slowly', async () => {
    const whole = await playhead.http.get('/files/film.mp4');
    expect(whole.status).toBe(200);
    expect(sha256(whole.body)).toBe(sha256(content));
    const range = await playhead.http.get('/files/film.mp4', { Range: 'bytes=1000000-20000000' });
    expect(range.headers['content-range']).toBe(`bytes 1000000-20000000/${SIZE}`);
    expect(range.body.equals(content.subarray(1_000_000, 20_000_001))).toBe(true);
    const several = await playhead.http.get('/files/film.mp4', { Range: 'bytes=0-9,5000000-5000009' });
    expect(several.headers['content-type']).toMatch(/^multipart\/byteranges/);

    const socket = await connect();
    socket.write(get('/files/film.mp4', 'Connection: close'));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (chunks.length % 400 !== 0) return;
      socket.pause();
      setTimeout(() => socket.resume(), 60);
    });
    await once(socket, 'close');
    const all = Buffer.concat(chunks);
    expect(sha256(all.subarray(all.indexOf('\r\n\r\n') + 4))).toBe(sha256(content));
  });

  it('counts what it sends, and lets go of what is broken off', async () => {
    await playhead.http.get('/files/film.mp4', { Range: 'bytes=0-99' });
    const logged = () => playhead.log.find(({ range }) => range === 'bytes=0-99');
    await until(() => logged() !== undefined);
    const line = logged();
    expect(line?.sentBytes).toBeGreaterThan(100);
    expect(line?.sentBytes).toBeLessThan(2000);
    const sockets = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = await connect();
        socket.write(get('/files/film.mp4'));
        await once(socket, 'data');
        socket.pause();
        return socket;
      }),
    );
    expect(openFiles()).toBeGreaterThan(0);
    sockets.forEach((socket) => socket.destroy());
    await until(() => openFiles() === 0);
    expect(playhead.log.filter(({ level }) => level >= 40)).toEqual([]);
  });

  it('answers what was pipelined in order, and who closes their half', async () => {
    const socket = await connect();
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.end(get('/health/live') + get('/nothing') + get('/health/live'));
    await once(socket, 'close');
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200']);
  });

  it('tells who comes without TLS what to do', async () => {
    const { text, closed } = await exchange(playhead.port, get('/files/film.mp4'));
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain('ask for the https URL');
    expect(closed).toBe(true);
  });

  it('closes on what is neither, and on who does not come to an end with the handshake', async () => {
    const garbage = await exchange(playhead.port, '\x00\x01\x02garbage garbage garbage');
    expect(garbage).toEqual({ text: expect.not.stringContaining('HTTP'), closed: true });
    const hello = '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03';
    expect(await exchange(playhead.port, hello, { ms: 4000 })).toEqual({ text: '', closed: true });
    expect((await playhead.http.get('/health/live')).status).toBe(200);
  });

  it('speaks TLS 1.2 and later, and HTTP/1.1', async () => {
    const socket = await connect({ ALPNProtocols: ['h2', 'http/1.1'] });
    expect(socket.alpnProtocol).toBe('http/1.1');
    expect(socket.getProtocol()).toBe('TLSv1.3');
    socket.destroy();
    const second = await connect({ maxVersion: 'TLSv1.2' });
    expect(second.getProtocol()).toBe('TLSv1.2');
    second.destroy();
    const old = tls.connect({
      port: playhead.port,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const [error] = (await once(old, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toMatch(/PROTOCOL_VERSION/);
  });

  it('gives secure cookies with the prefix for hosts, and takes them back', async () => {
    const login = await playhead.http.send('/api/v1/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: playhead.url },
      body: JSON.stringify({ name: 'alice', password: 'secret' }),
    });
    const [cookie] = login.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^__Host-playhead_session=.*; Secure$/);
    const session = await playhead.http.get('/api/v1/session', { Cookie: cookie!.split(';')[0] });
    expect(session.json.name).toBe('alice');
    // A page of the same name without TLS is another site.
    const plain = await playhead.http.send('/api/v1/session', {
      method: 'DELETE',
      headers: { Origin: playhead.url.replace('https', 'http'), ...basic('alice', 'secret') },
    });
    expect(plain.status).toBe(403);
  });

  it('says HSTS where it is told to, and takes https targets', async () => {
    expect((await playhead.http.get('/health/live')).headers['strict-transport-security']).toBe(
      'max-age=86400',
    );
    const socket = await connect();
    socket.write(get(`https://localhost:${playhead.port}/health/live`, 'Connection: close'));
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toMatch(/^HTTP\/1\.1 200 /);
    const plain = await startPlayhead({ hsts: 86_400 });
    const { headers } = await plain.http.get('/health/live');
    await plain.close();
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  it('ends at once, whatever handshakes and unused connections there are', async () => {
    const other = await startPlayhead(pair);
    const port = other.port;
    const raw = net.connect(port, '127.0.0.1');
    raw.on('error', () => undefined);
    raw.write('\x16\x03\x01\x02\x00');
    const unused = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    unused.on('error', () => undefined);
    await once(unused, 'secureConnect');
    await sleep(50);
    const begun = performance.now();
    const { connections } = other.app.getHttpAdapter() as PlayheadAdapter;
    expect(await connections.drain(10_000)).toBe(0);
    expect(performance.now() - begun).toBeLessThan(2000);
    await other.app.close();
    await rm(other.root, { recursive: true });
    raw.destroy();
    unused.destroy();
  });

  it('plays with curl', async () => {
    const { stdout } = await run(
      'curl',
      [
        ...['-sS', '--cacert', pair.tlsCert, '-r', '5-9', '-o', '-'],
        `https://localhost:${playhead.port}/files/film.mp4`,
      ],
      { encoding: 'buffer' },
    );
    expect(stdout.equals(content.subarray(5, 10))).toBe(true);
  });
});

describe('a certificate that is renewed', () => {
  it('is used for new connections, while transfers go on; one that does not fit changes nothing', async () => {
    const root = await makeFolder();
    const content = randomBytes(SIZE);
    await writeFile(path.join(root, 'film.mp4'), content);
    const folder = await makeFolder();
    // As certbot does it: names that never change lead to files that do.
    const place = async (version: string, { cert, key }: { cert: string; key: string }) => {
      for (const [name, text] of [
        ['cert', cert],
        ['key', key],
      ] as const) {
        await writeFile(path.join(folder, `${name}-${version}.pem`), text, { mode: 0o600 });
        await symlink(`${name}-${version}.pem`, path.join(folder, 'new'));
        await rename(path.join(folder, 'new'), path.join(folder, `${name}.pem`));
      }
    };
    const [first, second] = [selfSigned(VALID_UNTIL), selfSigned(VALID_UNTIL)];
    await place('1', first);
    const server = PlayheadProcess.start([
      ...[root, '--port', '0', '--log-format', 'json'],
      ...['--tls-cert', path.join(folder, 'cert.pem'), '--tls-key', path.join(folder, 'key.pem')],
    ]);
    try {
      const { url, port } = await server.listening();
      expect(url).toBe(`https://127.0.0.1:${port}`);
      expect(await fingerprint(port)).toBe(fingerprintOf(first.cert));

      const transfer = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
      transfer.write(get('/files/film.mp4', 'Connection: close'));
      await once(transfer, 'data');
      transfer.pause();

      // Half of the pair is new, and half of the file: both keep the old one.
      await writeFile(path.join(folder, 'cert-2.pem'), second.cert.slice(0, 300));
      await rm(path.join(folder, 'cert.pem'));
      await symlink('cert-2.pem', path.join(folder, 'cert.pem'));
      await untilLogged(server, 'the old one stays');
      expect(await fingerprint(port)).toBe(fingerprintOf(first.cert));
      await sleep(2500);
      expect(server.stderr.match(/the old one stays/g)).toHaveLength(1);

      await place('2', second);
      await untilLogged(server, 'was renewed');
      expect(await fingerprint(port)).toBe(fingerprintOf(second.cert));

      const chunks: Buffer[] = [];
      transfer.on('data', (chunk: Buffer) => chunks.push(chunk));
      transfer.resume();
      await once(transfer, 'close');
      const tail = Buffer.concat(chunks);
      expect(tail.subarray(-1000).equals(content.subarray(-1000))).toBe(true);
      server.signal('SIGTERM');
      expect(await server.exited()).toBe(0);
    } finally {
      await server.kill();
      await rm(root, { recursive: true });
      await rm(folder, { recursive: true });
    }
  });
});

describe('a server that cannot speak TLS', () => {
  it.each([
    ['a file that is not there', { cert: 'none.pem', key: 'key.pem' }, /no file \S+none\.pem.*tlsCert/],
    ['no PEM', { cert: 'text.pem', key: 'key.pem' }, /tlsCert holds no certificate in PEM/],
    ['no key', { cert: 'cert.pem', key: 'text.pem' }, /tlsKey holds no private key/],
    ['the key of another', { cert: 'cert.pem', key: 'other.pem' }, /tlsKey is not the key of tlsCert/],
    ['a folder', { cert: '.', key: 'key.pem' }, /must be files in PEM/],
  ])('says what to do about %s', async (_, files, message) => {
    const folder = await makeFolder();
    const { cert, key } = selfSigned(VALID_UNTIL);
    await writeFile(path.join(folder, 'cert.pem'), cert);
    await writeFile(path.join(folder, 'key.pem'), key);
    await writeFile(path.join(folder, 'other.pem'), selfSigned(VALID_UNTIL).key);
    await writeFile(path.join(folder, 'text.pem'), 'hello');
    const args = [folder, '--port', '0', '--tls-cert', files.cert, '--tls-key', files.key];
    const { code, stderr } = await runPlayhead(args, { cwd: folder });
    await rm(folder, { recursive: true });
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function fingerprintOf(cert: string): string {
  return new X509Certificate(cert).fingerprint256;
}

async function fingerprint(port: number): Promise<string> {
  const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

async function untilLogged(server: PlayheadProcess, text: string): Promise<void> {
  for (let i = 0; i < 400 && !server.stderr.includes(text); i++) await sleep(25);
  expect(server.stderr).toContain(text);
}
