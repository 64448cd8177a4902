import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseRules } from '../../src/core/access/index.js';
import { EventListener } from '../support/event-listener.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { QUICK_PACE } from '../support/quick-pace.js';
import { exchange, rest } from '../support/raw-socket.js';
import { leftoversOf } from '../support/storage/leftovers.js';
import { mount, unmount, whyNoMount } from '../support/storage/mounted.js';
import { basic, user } from '../support/users.js';

const LIMIT = 3_000_000;
const sha = (algorithm: 'sha256' | 'sha512', bytes: Buffer) =>
  `${algorithm.replace('sha', 'sha-')}=:${createHash(algorithm).update(bytes).digest('base64')}:`;

describe('PUT /files', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead({ write: true, maxUploadSize: LIMIT, requestTimeout: 2 }, QUICK_PACE);
  });
  afterAll(async () => {
    // What was broken off last is taken away a moment after its connection has gone.
    let leftovers = await leftoversOf(playhead.root);
    for (let tries = 0; leftovers.length > 0 && tries < 50; tries++) {
      await sleep(100);
      leftovers = await leftoversOf(playhead.root);
    }
    await playhead.close();
    expect(leftovers).toEqual([]);
    expect(playhead.log.filter(({ level }) => level >= 40)).toEqual([]);
  });
  let folder = 0;
  /** A folder for each test. */
  let at = '';
  beforeEach(() => {
    at = `t${++folder}`;
  });
  const put = (name: string, body: string | Buffer, headers = {}) =>
    playhead.http.send(`/files/${at}/${name}`, { method: 'PUT', headers, body });
  const get = (name: string) => playhead.http.get(`/files/${at}/${name}`);
  const onDisk = (name: string) => readFile(path.join(playhead.root, at, name));
  const raw = (name: string, fields: readonly string[], body = '', options = {}) =>
    exchange(playhead.port, `${head(name, fields)}${body}`, options);
  const head = (name: string, fields: readonly string[]) =>
    [`PUT /files/${at}/${name} HTTP/1.1`, 'Host: a', ...fields, '', ''].join('\r\n');

  describe('writes', () => {
    it('a new file with the folders above it, and tells where it is and which version', async () => {
      const bytes = randomBytes(300_000);
      const { status, headers, body } = await put(
        'a/b/Été – 夏.mp4'.split('/').map(encodeURIComponent).join('/'),
        bytes,
      );
      expect(status).toBe(201);
      expect(body).toHaveLength(0);
      expect(headers.location).toBe(`/files/${at}/a/b/${encodeURIComponent('Été – 夏.mp4')}`);
      expect(await onDisk('a/b/Été – 夏.mp4')).toEqual(bytes);
      const got = await playhead.http.get(headers.location!);
      expect(got.headers).toMatchObject({ etag: headers.etag, 'last-modified': headers['last-modified'] });
    });

    it('over a file, with 204 and a tag that can be used at once', async () => {
      const first = await put('a', 'one');
      const second = await put('a', 'two');
      expect([first.status, second.status]).toEqual([201, 204]);
      expect(second.headers.etag).not.toBe(first.headers.etag);
      const third = await put('a', 'three', { 'If-Match': second.headers.etag });
      expect(third.status).toBe(204);
      expect((await get('a')).text).toBe('three');
      expect((await put('a', 'four', { 'If-Match': second.headers.etag })).status).toBe(412);
      expect((await get('a')).text).toBe('three');
    });

    it.each([
      ['an empty file', [], ''],
      ['what is chunked', ['Transfer-Encoding: chunked'], '3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n'],
      ['a chunked nothing', ['Transfer-Encoding: chunked'], '0\r\n\r\n'],
      ['what is coded as it is', ['Content-Encoding: identity', 'Content-Length: 2'], 'xy'],
    ])('%s', async (_, fields, body) => {
      const { text } = await raw('a', [...fields, 'Connection: close'], body);
      expect(text).toMatch(/^HTTP\/1\.1 201 /);
      const expected =
        fields[0]?.startsWith('Transfer') && body.length > 5 ? 'abcdefg' : fields.length > 1 ? body : '';
      expect((await onDisk('a')).toString()).toBe(expected);
    });

    it('and keeps the connection for the next request', async () => {
      const one = `${head('a', ['Content-Length: 3'])}abc`;
      const { text } = await exchange(
        playhead.port,
        `${one}${one}${head('b', ['Content-Length: 1', 'Connection: close'])}x`,
      );
      expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 201', 'HTTP/1.1 204', 'HTTP/1.1 201']);
    });

    it('what goes through the log and to who listens', async () => {
      const listener = await EventListener.ready(playhead.port, '?recursive=true');
      const before = playhead.log.length;
      await put('a.txt', '1');
      await put('a.txt', '22');
      await put('a.txt', '3', { 'If-None-Match': '*' });
      await listener.until((events) => events.some(({ type }) => type === 'entry-changed'));
      expect(listener.entries).toContain(`created ${at}/a.txt`);
      expect(listener.entries).toContain(`changed ${at}/a.txt`);
      listener.close();
      const lines = playhead.log.slice(before).filter(({ context }) => context === 'Audit');
      expect(lines.map(({ msg }) => msg)).toEqual([
        `anonymous: write /${at}/a.txt done`,
        `anonymous: write /${at}/a.txt done`,
        `anonymous: write /${at}/a.txt failed, precondition-failed`,
      ]);
    });
  });

  describe('conditions', () => {
    it('If-None-Match: * writes only what is not there', async () => {
      expect((await put('a', 'one', { 'If-None-Match': '*' })).status).toBe(201);
      expect((await put('a', 'two', { 'If-None-Match': '*' })).status).toBe(412);
      expect((await get('a')).text).toBe('one');
    });

    it('are weighed before the body is read', async () => {
      await put('a', 'one');
      const { text } = await raw('a', ['If-None-Match: *', 'Content-Length: 10', 'Expect: 100-continue']);
      expect(text).toMatch(/^HTTP\/1\.1 412 /);
    });

    it.each([
      ['If-Match', '"other"', 412],
      ['If-Match', 'WEAK', 412],
      ['If-Match', '*', 204],
      ['If-None-Match', 'ITS OWN', 412],
      ['If-None-Match', '"other"', 204],
      ['If-Unmodified-Since', 'Sun, 06 Nov 1994 08:49:37 GMT', 412],
      ['If-Unmodified-Since', 'Fri, 01 Jan 2100 00:00:00 GMT', 204],
      ['If-Modified-Since', 'Fri, 01 Jan 2100 00:00:00 GMT', 204],
      ['If-Match', 'no tag', 400],
      ['If-None-Match', '"a", b', 400],
      ['If-None-Match', '*, "a"', 400],
      ['If-Unmodified-Since', 'yesterday', 400],
    ])('%s: %s over a file is %d', async (name, value, status) => {
      const { etag = '' } = (await put('a', 'one')).headers;
      const field = value.replace('WEAK', `W/${etag}`).replace('ITS OWN', etag);
      expect((await put('a', 'two', { [name]: field })).status).toBe(status);
      expect((await get('a')).text).toBe(status === 204 ? 'two' : 'one');
    });

    it('If-Match where nothing is writes nothing', async () => {
      expect((await put('x/a', 'one', { 'If-Match': '*' })).status).toBe(412);
      expect(await readdir(playhead.root)).not.toContain(at);
    });

    it('let exactly one of two writers win, a hundred times', async () => {
      for (let round = 0; round < 100; round++) {
        const bodies = ['first', 'second'];
        const replies = await Promise.all(
          bodies.map((body) => put(`r${round}`, body, { 'If-None-Match': '*' })),
        );
        const statuses = replies.map(({ status }) => status);
        expect([...statuses].sort()).toEqual([201, 412]);
        expect((await get(`r${round}`)).text).toBe(bodies[statuses.indexOf(201)]);
      }
    }, 30_000);
  });

  it('shows a reader one version or the other while it replaces', async () => {
    const size = 400_000;
    const versions = [0, 1].map((fill) => Buffer.alloc(size, fill));
    await put('a', versions[0]!);
    let isOver = false;
    const seen = new Set<number>();
    const readers = [1, 2].map(async () => {
      while (!isOver) {
        const { body, headers } = await get('a');
        expect(body.equals(Buffer.alloc(size, body[0]))).toBe(true);
        expect(headers['content-length']).toBe(String(size));
        seen.add(body[0]!);
      }
    });
    for (let round = 1; round <= 10; round++) expect((await put('a', versions[round % 2]!)).status).toBe(204);
    isOver = true;
    await Promise.all(readers);
    expect(seen.size).toBe(2);
  }, 20_000);

  describe('digests', () => {
    const bytes = randomBytes(100_000);

    it.each([
      ['Content-Digest', sha('sha256', bytes)],
      ['Repr-Digest', sha('sha512', bytes)],
      ['Repr-Digest', `${sha('sha256', bytes)}, ${sha('sha512', bytes)}, md5=:AAAA:`],
    ])('%s that is right', async (name, value) => {
      expect((await put('a', bytes, { [name]: value })).status).toBe(201);
    });

    it.each([
      ['is wrong', { 'Content-Digest': sha('sha256', Buffer.from('other')) }, 'digest-mismatch'],
      [
        'is half wrong',
        { 'Repr-Digest': `${sha('sha256', bytes)}, ${sha('sha512', Buffer.from('x'))}` },
        'digest-mismatch',
      ],
      [
        'contradicts the other',
        { 'Content-Digest': sha('sha256', bytes), 'Repr-Digest': sha('sha256', Buffer.from('x')) },
        'digest-mismatch',
      ],
      ['is none', { 'Content-Digest': 'sha-256=nonsense' }, 'malformed-request'],
      ['is wanted in a way that is none', { 'Want-Repr-Digest': 'sha-256="yes"' }, 'malformed-request'],
    ])('that %s: nothing is changed', async (_, headers, slug) => {
      const reply = await put('x/a', bytes, headers);
      expect([reply.status, reply.json.type]).toEqual([400, `/problems/${slug}`]);
      expect(await readdir(playhead.root)).not.toContain(at);
    });

    it('is told when wanted, by the best algorithm', async () => {
      const one = await put('a', bytes, { 'Want-Repr-Digest': 'sha-256=3, sha-512=2, md5=10' });
      expect(one.headers['repr-digest']).toBe(sha('sha256', bytes));
      const other = await put('a', bytes, {
        'Want-Repr-Digest': 'sha-512=10',
        'Repr-Digest': sha('sha256', bytes),
      });
      expect(other.headers['repr-digest']).toBe(sha('sha512', bytes));
      expect((await put('a', bytes)).headers['repr-digest']).toBeUndefined();
    });
  });

  describe('refuses', () => {
    it.each([
      ['a part', 'a', { 'Content-Range': 'bytes 0-2/5' }, 400],
      ['a coding', 'a', { 'Content-Encoding': 'gzip' }, 415],
      ['a folder by its slash', 'a/', {}, 409],
      ['a hidden name', '.a', {}, 400],
      ['the name of a temporary file', 'x/.playhead-write-x.tmp', {}, 400],
      ['a name that is too long', 'x'.repeat(256), {}, 400],
      ['dots', '%2e%2e/a', {}, 400],
      ['an encoded slash', 'a%2fb', {}, 400],
      ['NUL', 'a%00', {}, 400],
      ['two slashes', 'a//b', {}, 400],
    ])('%s', async (_, name, headers, status) => {
      const reply = await put(name, 'bytes', headers);
      expect(reply.status).toBe(status);
      if (status === 415) expect(reply.headers['accept-encoding']).toBe('identity');
      expect(await readdir(playhead.root)).not.toContain(at);
    });

    it('a folder, and what would be below a file', async () => {
      await put('folder/file', 'x');
      expect((await put('folder', 'y')).status).toBe(409);
      expect((await put('folder/file/child', 'y')).status).toBe(409);
      expect((await get('folder/file')).text).toBe('x');
      expect((await playhead.http.send('/files', { method: 'PUT', body: 'x' })).status).toBe(405);
    });

    it('to follow a link out of the root', async () => {
      const elsewhere = await makeFolder();
      await writeFile(path.join(elsewhere, 'a'), 'theirs');
      await mkdir(path.join(playhead.root, at));
      await symlink(elsewhere, path.join(playhead.root, at, 'out'));
      await symlink(path.join(elsewhere, 'a'), path.join(playhead.root, at, 'link'));
      expect((await put('out/a', 'mine')).status).toBe(403);
      expect((await put('link', 'mine')).status).toBe(409);
      expect(await readFile(path.join(elsewhere, 'a'), 'utf8')).toBe('theirs');
      await rm(elsewhere, { recursive: true });
    });
  });

  describe('limits', () => {
    it('refuse what is announced as too large before its body', async () => {
      const { text } = await raw('a', [`Content-Length: ${LIMIT + 1}`, 'Expect: 100-continue']);
      expect(text).toMatch(/^HTTP\/1\.1 413 /);
      expect(text).not.toContain('100 Continue');
    });

    it('refuse what turns out to be too large, and the client gets to know', async () => {
      await put('a', 'old');
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
      const { text } = await raw(
        'a',
        ['Transfer-Encoding: chunked', 'Connection: close'],
        `${chunk.repeat(400)}0\r\n\r\n`,
        {
          ms: 5000,
        },
      );
      expect(text).toMatch(/^HTTP\/1\.1 413 /);
      expect((await get('a')).text).toBe('old');
    });

    it('take what is exactly as large', async () => {
      expect((await put('a', Buffer.alloc(LIMIT))).status).toBe(201);
    });
  });

  describe('Expect: 100-continue', () => {
    it('asks for the body when it may come', async () => {
      const socket = net.connect(playhead.port, '127.0.0.1');
      socket.write(head('a', ['Content-Length: 5', 'Expect: 100-continue', 'Connection: close']));
      const first = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
      expect(first.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
      socket.write('hello');
      expect((await rest(socket)).toString()).toMatch(/^HTTP\/1\.1 201 /);
      expect((await onDisk('a')).toString()).toBe('hello');
    });

    it('keeps the connection of who has sent the body', async () => {
      const one = `${head('a', ['Content-Length: 2', 'Expect: 100-continue'])}ab`;
      const { text } = await exchange(playhead.port, one + head('b', ['Connection: close']));
      expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 100', 'HTTP/1.1 201', 'HTTP/1.1 201']);
    });
  });

  describe('a refused upload of many bytes', () => {
    it.each([[[]], [['Expect: 100-continue']], [['Connection: close']]])(
      'reaches a client that sends first and reads later (%j)',
      async (fields) => {
        const size = 20 * 2 ** 20;
        const socket = net.connect(playhead.port, '127.0.0.1');
        const answer = rest(socket);
        socket.write(head('a', ['Content-Range: bytes 0-1/2', `Content-Length: ${size}`, ...fields]));
        socket.write(Buffer.alloc(size));
        socket.end();
        expect((await answer).toString()).toMatch(/^HTTP\/1\.1 400 .*Bad Request/);
      },
    );
  });

  describe('a body that does not come', () => {
    it('is given up when it comes too slowly, and what is there stays', async () => {
      await put('a', 'old');
      const socket = net.connect(playhead.port, '127.0.0.1');
      const answer = rest(socket);
      socket.write(head('a', ['Content-Length: 100000']));
      const drip = setInterval(() => socket.write('x'), 100);
      expect((await answer).toString()).toMatch(/^HTTP\/1\.1 408 /);
      clearInterval(drip);
      expect((await get('a')).text).toBe('old');
    }, 15_000);

    it('may take longer than the time for a request while it comes', async () => {
      const socket = net.connect(playhead.port, '127.0.0.1');
      const answer = rest(socket);
      socket.write(head('a', [`Content-Length: ${45 * 2048}`, 'Connection: close']));
      for (let part = 0; part < 45; part++) {
        socket.write('x'.repeat(2048));
        await sleep(100);
      }
      expect((await answer).toString()).toMatch(/^HTTP\/1\.1 201 /);
    }, 15_000);

    it.each(['FIN', 'RST', 'half-close'])('leaves nothing behind after a %s', async (way) => {
      await put('a', 'old');
      const before = playhead.log.length;
      const socket = net.connect({ port: playhead.port, host: '127.0.0.1', allowHalfOpen: true });
      const answer = rest(socket);
      socket.write(head('a', ['Content-Length: 100000']));
      socket.write(Buffer.alloc(50_000));
      for (
        const end = Date.now() + 2000;
        (await leftoversOf(playhead.root)).length === 0 && Date.now() < end;
      )
        await sleep(5);
      expect(await leftoversOf(playhead.root)).not.toEqual([]);
      if (way === 'RST') socket.resetAndDestroy();
      else if (way === 'FIN') socket.destroy();
      else socket.end();
      const text = (await answer).toString();
      if (way === 'half-close') expect(text).toMatch(/^HTTP\/1\.1 400 /);
      for (const end = Date.now() + 1000; (await leftoversOf(playhead.root)).length > 0 && Date.now() < end;)
        await sleep(5);
      expect(await leftoversOf(playhead.root)).toEqual([]);
      expect((await get('a')).text).toBe('old');
      const lines = playhead.log.slice(before);
      expect(lines.filter(({ context }) => context === 'Audit').map(({ msg }) => msg)).toEqual([
        `anonymous: write /${at}/a failed, aborted`,
      ]);
      expect(lines.filter(({ level }) => level >= 40)).toEqual([]);
    });

    it('is answered when its chunks are none', async () => {
      const { text, closed } = await raw('a', ['Transfer-Encoding: chunked'], '3\r\nabc\r\nnonsense\r\n');
      expect(text).toMatch(/^HTTP\/1\.1 400 /);
      expect(closed).toBe(true);
      expect((await get('a')).status).toBe(404);
    });
  });
});

describe('PUT by whom', () => {
  let playhead: Playhead;
  const alice = basic('alice', 'a');
  const bob = basic('bob', 'b');
  beforeAll(async () => {
    playhead = await startPlayhead({
      users: [user('alice', 'a', '/in:rw,/own:rwd'), user('bob', 'b', '/in:r')],
      rules: parseRules('/own:-'),
    });
  });
  afterAll(() => playhead.close());
  const put = (name: string, headers = {}) =>
    playhead.http.send(`/files/${name}`, { method: 'PUT', headers, body: 'x' });

  it('nobody: 401, who may only read: 403, who may not even read: 404', async () => {
    expect((await put('in/a')).status).toBe(401);
    expect((await put('in/a', bob)).status).toBe(403);
    expect((await put('own/a', bob)).status).toBe(404);
    expect(await readdir(playhead.root)).toEqual([]);
  });

  it('who may write and not delete makes new files and replaces none', async () => {
    expect((await put('in/b', alice)).status).toBe(201);
    const again = await put('in/b', alice);
    expect([again.status, again.json.detail]).toEqual([403, expect.stringMatching(/permission to delete/)]);
    expect((await put('own/b', alice)).status).toBe(201);
    expect((await put('own/b', alice)).status).toBe(204);
  });

  it('a page of another site: nobody', async () => {
    expect((await put('in/c', { ...alice, 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    expect((await put('in/c', { ...alice, Origin: 'https://evil.example' })).status).toBe(403);
  });

  it('refuses before a body comes', async () => {
    const request = [
      'PUT /files/in/d HTTP/1.1',
      'Host: a',
      'Content-Length: 9',
      'Expect: 100-continue',
      '',
      '',
    ];
    const { text } = await exchange(playhead.port, request.join('\r\n'));
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('says that it is read-only only where it is', async () => {
    const { json } = await playhead.http.send('/files/x', { method: 'PATCH' });
    expect(json.detail).not.toMatch(/read-only/);
  });
});

const probe = await makeFolder();
const why = whyNoMount(probe);
await rm(probe, { recursive: true });
(why === undefined ? describe : describe.skip)(`PUT on a full disk${why ? `: ${why}` : ''}`, () => {
  it.each([
    ['announced', true],
    ['not announced', false],
  ])('is 507 and loses nothing (%s)', async (_, isAnnounced) => {
    const root = await makeFolder();
    expect(mount(root, '1m').status).toBe(0);
    const playhead = await startPlayhead({ root, write: true });
    try {
      const old = randomBytes(400_000);
      expect((await playhead.http.send('/files/a', { method: 'PUT', body: old })).status).toBe(201);
      const headers = isAnnounced ? { 'Content-Length': 900_000 } : { 'Transfer-Encoding': 'chunked' };
      const reply = await playhead.http.send('/files/a', {
        method: 'PUT',
        headers,
        body: randomBytes(900_000),
      });
      expect(reply.status).toBe(507);
      expect((await playhead.http.get('/files/a')).body).toEqual(old);
      expect(await leftoversOf(root)).toEqual([]);
      expect(spawnSync('df', ['--output=used', '-B1', root]).stdout.toString()).toMatch(/\b[34]\d{5}\b/);
    } finally {
      await playhead.close();
      unmount(root);
      await rm(root, { recursive: true });
    }
  });
});
