import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { link, mkdir, readdir, readFile, rename, rm, rmdir, utimes, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as tus from 'tus-js-client';
import { parseRules } from '../../src/core/access/index.js';
import { Uploads } from '../../src/tus/uploads.js';
import { CutLine } from '../support/cut-line.js';
import type { Reply } from '../support/http-client.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { PlayheadProcess } from '../support/playhead-process.js';
import { exchange } from '../support/raw-socket.js';
import { mount, unmount, whyNoMount } from '../support/storage/mounted.js';
import { basic, user } from '../support/users.js';

const UPLOADS = '/api/v1/uploads';
const VERSION = { 'Tus-Resumable': '1.0.0' };
const CHUNK = { ...VERSION, 'Content-Type': 'application/offset+octet-stream' };
const probe = await makeFolder();
const noMount = whyNoMount(probe);
await rm(probe, { recursive: true });

const base64 = (text: string) => Buffer.from(text).toString('base64');
const metadata = (pairs: Readonly<Record<string, string>>) =>
  Object.entries(pairs)
    .map(([key, value]) => `${key} ${base64(value)}`)
    .join(',');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64');

/** The steps of the protocol by hand. */
function stepsOn({ http }: Pick<Playhead, 'http'>, who: Readonly<Record<string, string>> = {}) {
  return {
    create: (pairs: Readonly<Record<string, string>>, fields = {}, body?: Buffer | string) =>
      http.send(UPLOADS, {
        method: 'POST',
        headers: {
          ...VERSION,
          ...who,
          'Upload-Metadata': metadata(pairs),
          ...(body !== undefined && { 'Content-Type': CHUNK['Content-Type'] }),
          ...fields,
        },
        ...(body !== undefined && { body }),
      }),
    patch: (url: string, offset: number, body: Buffer | string, fields = {}) =>
      http.send(url, {
        method: 'PATCH',
        headers: { ...CHUNK, ...who, 'Upload-Offset': offset, ...fields },
        body,
      }),
    head: (url: string) => http.head(url, { ...VERSION, ...who }),
    end: (url: string) => http.send(url, { method: 'DELETE', headers: { ...VERSION, ...who } }),
  };
}

function locationOf({ headers }: Reply): string {
  return headers.location!;
}

describe('resumable uploads', () => {
  let playhead: Playhead;
  let steps: ReturnType<typeof stepsOn>;
  beforeAll(async () => {
    playhead = await startPlayhead({ write: true, maxUploadSize: 2 ** 30, idleTimeout: 2 });
    steps = stepsOn(playhead);
  });
  afterAll(() => playhead.close());
  const stored = (name: string) => readFile(path.join(playhead.root, name));
  const begun = async (name: string, length = 10) =>
    locationOf(await steps.create({ path: name }, { 'Upload-Length': length }));

  /** What is left in the state folder: bytes, and records of unfinished uploads. */
  const left = async () => readdir(path.join(playhead.root, '.playhead/uploads'));

  describe('by the protocol', () => {
    it('says what it speaks', async () => {
      for (const url of [UPLOADS, `${UPLOADS}/x`]) {
        const { status, headers } = await playhead.http.send(url, { method: 'OPTIONS' });
        expect({ status, ...headers }).toMatchObject({
          status: 204,
          'tus-version': '1.0.0',
          'tus-max-size': String(2 ** 30),
          'tus-checksum-algorithm': 'sha1,md5,sha256',
        });
      }
    });

    it('takes a file in two pieces', async () => {
      const created = await steps.create({ path: 'films/a.mp4', extra: 'ü' }, { 'Upload-Length': 10 });
      expect(created).toMatchObject({ status: 201, headers: { 'upload-offset': '0' } });
      const url = locationOf(created);
      const first = await steps.patch(url, 0, '01234');
      expect(first).toMatchObject({ status: 204, headers: { 'upload-offset': '5' } });
      const expires = Date.parse(first.headers['upload-expires'] as string) - Date.now();
      expect(Math.abs(expires - 604_800_000)).toBeLessThan(60_000);
      const half = await steps.head(url);
      expect(half).toMatchObject({
        status: 200,
        headers: {
          'upload-offset': '5',
          'upload-length': '10',
          'upload-metadata': metadata({ path: 'films/a.mp4', extra: 'ü' }),
          'cache-control': 'no-store',
          'tus-resumable': '1.0.0',
        },
      });
      expect(half.headers['content-location']).toBeUndefined();
      const last = await steps.patch(url, 5, '56789');
      expect(last).toMatchObject({ status: 204, headers: { 'upload-offset': '10' } });
      expect(last.headers['content-location']).toBe('/files/films/a.mp4');
      expect(last.headers['upload-expires']).toBeUndefined();
      const { headers, text } = await playhead.http.get('/files/films/a.mp4');
      expect(text).toBe('0123456789');
      expect(last.headers.etag).toBe(headers.etag);
      expect(await left()).toEqual([]);

      // The answer may have been lost: whoever asks again learns that all is done.
      const again = await steps.head(url);
      expect(again).toMatchObject({
        status: 200,
        headers: {
          'upload-offset': '10',
          'upload-length': '10',
          'content-location': '/files/films/a.mp4',
          etag: headers.etag,
        },
      });
      expect(await steps.patch(url, 5, '56789')).toMatchObject({ status: 409, json: { offset: 10 } });
      expect(await steps.patch(url, 10, '')).toMatchObject({ status: 204, headers: { etag: headers.etag } });
      expect((await steps.patch(url, 10, 'x')).status).toBe(413);
      expect((await steps.end(url)).status).toBe(204);
      expect((await steps.head(url)).status).toBe(404);
      expect(String(await stored('films/a.mp4'))).toBe('0123456789');
    });

    it('takes all of it with the creation', async () => {
      const reply = await steps.create({ path: 'b.txt' }, { 'Upload-Length': 5 }, 'bytes');
      expect(reply).toMatchObject({
        status: 201,
        headers: { 'upload-offset': '5', 'content-location': '/files/b.txt' },
      });
      expect(String(await stored('b.txt'))).toBe('bytes');
    });

    it('takes a part with the creation', async () => {
      const reply = await steps.create({ path: 'part.txt' }, { 'Upload-Length': 5 }, 'by');
      expect(reply).toMatchObject({ status: 201, headers: { 'upload-offset': '2' } });
      expect((await steps.patch(locationOf(reply), 2, 'tes')).headers['content-location']).toBe(
        '/files/part.txt',
      );
      expect(String(await stored('part.txt'))).toBe('bytes');
    });

    it('takes a file without bytes', async () => {
      const reply = await steps.create(
        { filename: 'empty', folder: '/some/folder/' },
        { 'Upload-Length': 0 },
      );
      expect(reply).toMatchObject({
        status: 201,
        headers: { 'content-location': '/files/some/folder/empty' },
      });
      expect((await stored('some/folder/empty')).length).toBe(0);
    });

    it('takes the length later', async () => {
      const reply = await steps.create({ path: 'later.txt' }, { 'Upload-Defer-Length': 1 });
      const url = locationOf(reply);
      expect((await steps.patch(url, 0, 'by')).status).toBe(204);
      expect((await steps.head(url)).headers).toMatchObject({
        'upload-defer-length': '1',
        'upload-offset': '2',
      });
      expect((await steps.patch(url, 2, '', { 'Upload-Length': 1 })).status).toBe(400);
      expect((await steps.patch(url, 2, '', { 'Upload-Length': 2 ** 31 })).status).toBe(413);
      expect((await steps.patch(url, 2, 't', { 'Upload-Length': 5 })).status).toBe(204);
      expect((await steps.patch(url, 3, 'e', { 'Upload-Length': 6 })).status).toBe(400);
      expect((await steps.patch(url, 3, 'es')).headers['content-location']).toBe('/files/later.txt');
      expect(String(await stored('later.txt'))).toBe('bytes');
    });

    it('is over when the length that is said later is there already', async () => {
      const url = locationOf(await steps.create({ path: 'now.txt' }, { 'Upload-Defer-Length': 1 }, 'bytes'));
      const reply = await steps.patch(url, 5, '', { 'Upload-Length': 5 });
      expect(reply.headers['content-location']).toBe('/files/now.txt');
    });

    it.each(['sha1', 'md5', 'sha256'])('holds bytes against their %s', async (algorithm) => {
      const url = await begun(`${algorithm}.txt`, 5);
      const checksum = (text: string) => ({
        'Upload-Checksum': `${algorithm} ${createHash(algorithm).update(text).digest('base64')}`,
      });
      expect((await steps.patch(url, 0, 'by', checksum('by'))).status).toBe(204);
      expect((await steps.patch(url, 2, 'tex', checksum('tes'))).status).toBe(460);
      expect((await steps.head(url)).headers['upload-offset']).toBe('2');
      expect((await steps.patch(url, 2, 'tes', checksum('tes'))).headers['upload-offset']).toBe('5');
      expect(String(await stored(`${algorithm}.txt`))).toBe('bytes');
    });

    it('keeps nothing of bytes whose checksum is wrong, with the creation too', async () => {
      const fields = { 'Upload-Length': 5, 'Upload-Checksum': `sha1 ${createHash('sha1').digest('base64')}` };
      expect((await steps.create({ path: 'wrong.txt' }, fields, 'bytes')).status).toBe(460);
      expect(await left()).toEqual([]);
    });

    it.each(['crc32 AAAA', 'sha1', 'sha1 AAAA', 'sha1 ****'])('refuses the checksum %s', async (checksum) => {
      const url = await begun('x');
      expect((await steps.patch(url, 0, 'by', { 'Upload-Checksum': checksum })).status).toBe(400);
      await steps.end(url);
    });

    it('refuses another offset, and says which is right', async () => {
      const url = await begun('x');
      await steps.patch(url, 0, '012');
      for (const offset of [0, 2, 4]) {
        const reply = await steps.patch(url, offset, 'x');
        expect(reply).toMatchObject({ status: 409, headers: { 'upload-offset': '3' }, json: { offset: 3 } });
      }
      await steps.end(url);
    });

    it.each([
      ['another version', { 'Tus-Resumable': '0.2.2' }, 412],
      ['another type', { 'Content-Type': 'application/json' }, 415],
      ['an offset that is no number', { 'Upload-Offset': '0x0' }, 400],
      ['an offset below nothing', { 'Upload-Offset': '-1' }, 400],
      ['an offset beyond all numbers', { 'Upload-Offset': '9'.repeat(17) }, 400],
    ])('refuses %s', async (_, fields, status) => {
      const url = await begun('x');
      const reply = await steps.patch(url, 0, 'bytes', fields);
      expect(reply.status).toBe(status);
      expect(reply.headers['tus-resumable']).toBe('1.0.0');
      if (status === 412) expect(reply.headers['tus-version']).toBe('1.0.0');
      expect((await steps.head(url)).headers['upload-offset']).toBe('0');
      await steps.end(url);
    });

    it.each([
      ['no length', {}],
      ['both lengths', { 'Upload-Length': 1, 'Upload-Defer-Length': 1 }],
      ['a length of another kind', { 'Upload-Length': '1.5' }],
      ['a defer of another kind', { 'Upload-Defer-Length': 2 }],
      ['a concatenation', { 'Upload-Length': 1, 'Upload-Concat': 'partial' }],
    ])('refuses to begin with %s', async (_, fields) => {
      const { status, json } = await steps.create({ path: 'x' }, fields);
      expect({ status, type: json.type }).toEqual({ status: 400, type: '/problems/validation-failed' });
    });

    it.each([
      'path',
      'path !!!',
      'path eA== eA==',
      'pa\tth eA==',
      `path eA==,path eQ==`,
      `path ${Buffer.of(255).toString('base64')}`,
      'title eA==',
    ])('refuses the metadata %j', async (text) => {
      const headers = { ...VERSION, 'Upload-Length': 1, 'Upload-Metadata': text };
      expect((await playhead.http.send(UPLOADS, { method: 'POST', headers })).status).toBe(400);
    });

    it('refuses what no upload is', async () => {
      for (const id of ['x', '0'.repeat(49), `${'0'.repeat(16)}-${'0'.repeat(32)}`, '..%2Ftmp', '%00'])
        for (const reply of [
          steps.head(`${UPLOADS}/${id}`),
          steps.patch(`${UPLOADS}/${id}`, 0, 'x'),
          steps.end(`${UPLOADS}/${id}`),
        ])
          expect((await reply).status).toBe(404);
    });

    it('takes PATCH and DELETE as POST', async () => {
      const url = await begun('posted.txt', 5);
      const post = (fields: object, body = '') =>
        playhead.http.send(url, { method: 'POST', headers: { ...CHUNK, ...fields }, body });
      const patch = { 'X-HTTP-Method-Override': 'PATCH', 'Upload-Offset': 0 };
      expect((await post(patch, 'by')).headers['upload-offset']).toBe('2');
      expect((await post({ 'Upload-Offset': 2 }, 'tes')).status).toBe(400);
      expect((await post({ 'X-HTTP-Method-Override': 'GET' })).status).toBe(400);
      expect((await post({ 'X-HTTP-Method-Override': 'DELETE' })).status).toBe(204);
      expect((await steps.head(url)).status).toBe(404);
    });

    it('asks for the body only when it wants it', async () => {
      const url = await begun('expected.txt', 5);
      const head = (offset: number) =>
        `PATCH ${url} HTTP/1.1\r\nHost: a\r\nTus-Resumable: 1.0.0\r\nContent-Type: ${CHUNK['Content-Type']}\r\n` +
        `Upload-Offset: ${offset}\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n`;
      expect((await exchange(playhead.port, head(1))).text).toMatch(/^HTTP\/1.1 409 /);
      const socket = net.connect(playhead.port, '127.0.0.1');
      socket.write(head(0));
      const [first] = (await once(socket, 'data')) as [Buffer];
      expect(first.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
      socket.write('bytes');
      const [second] = (await once(socket, 'data')) as [Buffer];
      expect(second.toString()).toMatch(/^HTTP\/1.1 204 /);
      socket.destroy();
    });
  });

  describe('as files', () => {
    it.each([
      '../x',
      'a/../../x',
      'a//b',
      'a\0b',
      '.hidden',
      '.playhead/uploads/x',
      'a/.playhead/x',
      'x'.repeat(256),
    ])('refuses the path %j', async (name) => {
      const { status, json } = await steps.create({ path: name }, { 'Upload-Length': 1 });
      expect({ status, type: json.type }).toEqual({ status: 400, type: '/problems/invalid-path' });
    });

    it('refuses what is in the way, before anything is sent', async () => {
      await writeFile(path.join(playhead.root, 'taken'), 'old');
      for (const name of ['taken', 'taken/below'])
        expect((await steps.create({ path: name }, { 'Upload-Length': 1 })).status).toBe(409);
      expect((await steps.create({ path: 'x', onConflict: 'ask' }, { 'Upload-Length': 1 })).status).toBe(400);
    });

    it('takes the next free name, or the place', async () => {
      await writeFile(path.join(playhead.root, 'song.mp3'), 'old');
      const rename = await steps.create(
        { path: 'song.mp3', onConflict: 'rename' },
        { 'Upload-Length': 3 },
        'new',
      );
      expect(rename.headers['content-location']).toBe('/files/song%20(1).mp3');
      expect(String(await stored('song (1).mp3'))).toBe('new');
      const replace = await steps.create(
        { path: 'song.mp3', onConflict: 'replace' },
        { 'Upload-Length': 3 },
        'new',
      );
      expect(replace.headers['content-location']).toBe('/files/song.mp3');
      expect(String(await stored('song.mp3'))).toBe('new');
    });

    it('never says that a file is there when it is not', async () => {
      const url = await begun('late', 5);
      await writeFile(path.join(playhead.root, 'late'), 'faster');
      expect((await steps.patch(url, 0, 'bytes')).status).toBe(409);
      // Clients take an offset that equals the length for success.
      expect((await steps.head(url)).status).toBe(409);
      expect(String(await stored('late'))).toBe('faster');
      await rm(path.join(playhead.root, 'late'));
      expect(await steps.head(url)).toMatchObject({
        status: 200,
        headers: { 'content-location': '/files/late' },
      });
      expect(String(await stored('late'))).toBe('bytes');
    });

    it.each([
      ['just before its bytes lose their first name', 'linked', link],
      ['just after', 'renamed', rename],
    ])('is known to be a file when the server was killed %s', async (_, name, move) => {
      const url = await begun(name, 5);
      const bytes = path.join(playhead.root, '.playhead/uploads', url.slice(UPLOADS.length + 1));
      await writeFile(bytes, 'bytes');
      await move(bytes, path.join(playhead.root, name));
      const reply = await steps.head(url);
      expect(reply).toMatchObject({ status: 200, headers: { 'upload-offset': '5' } });
      expect(reply.headers['content-location']).toBe(`/files/${name}`);
      expect(await left()).toEqual([]);
      expect((await steps.head(url)).headers['content-location']).toBe(`/files/${name}`);
      expect(String(await stored(name))).toBe('bytes');
    });

    it('holds the whole against its digest; a wrong one ends the upload', async () => {
      const digest = `sha-256=:${sha256(Buffer.from('bytes'))}:`;
      const right = locationOf(await steps.create({ path: 'right', digest }, { 'Upload-Length': 5 }));
      expect((await steps.patch(right, 0, 'bytes')).status).toBe(204);
      const wrong = locationOf(await steps.create({ path: 'wrong', digest }, { 'Upload-Length': 5 }));
      expect(await steps.patch(wrong, 0, 'bytex')).toMatchObject({
        status: 400,
        json: { type: '/problems/digest-mismatch' },
      });
      expect((await steps.head(wrong)).status).toBe(404);
      await expect(stored('wrong')).rejects.toThrow();
      expect((await steps.create({ path: 'x', digest: 'md5=:AAAA:' }, { 'Upload-Length': 5 })).status).toBe(
        400,
      );
    });

    it('takes no more than there may be', async () => {
      expect((await steps.create({ path: 'x' }, { 'Upload-Length': 2 ** 30 + 1 })).status).toBe(413);
      const url = await begun('x', 5);
      await steps.patch(url, 0, 'by');
      expect((await steps.patch(url, 2, 'test')).status).toBe(413);
      // Without Content-Length it shows only on the way.
      const chunked = await exchange(
        playhead.port,
        `PATCH ${url} HTTP/1.1\r\nHost: a\r\nTus-Resumable: 1.0.0\r\nContent-Type: ${CHUNK['Content-Type']}\r\n` +
          'Upload-Offset: 2\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nte\r\n2\r\nst\r\n0\r\n\r\n',
      );
      expect(chunked.text).toMatch(/^HTTP\/1.1 413 /);
      expect((await steps.head(url)).headers['upload-offset']).toBe('2');
      await steps.end(url);
    });
  });

  describe('over bad lines', () => {
    /** A PATCH that announces more than it sends. */
    const beginPatch = async (url: string, offset: number, length: number, sent: string, fields = '') => {
      const socket = net.connect(playhead.port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(
        `PATCH ${url} HTTP/1.1\r\nHost: a\r\nTus-Resumable: 1.0.0\r\nContent-Type: ${CHUNK['Content-Type']}\r\n` +
          `Upload-Offset: ${offset}\r\nContent-Length: ${length}\r\n${fields}\r\n${sent}`,
      );
      await sleep(100);
      return socket;
    };

    it('keeps nothing of one without a name that ended before it could be told of', async () => {
      await steps.end(await begun('told.txt', 10));
      const before = await left();
      const cut = net.connect(playhead.port, '127.0.0.1');
      cut.write(
        `POST ${UPLOADS} HTTP/1.1\r\nHost: a\r\nTus-Resumable: 1.0.0\r\nContent-Type: ${CHUNK['Content-Type']}\r\n` +
          `Upload-Length: 10\r\nUpload-Metadata: ${metadata({ path: 'untold' })}\r\nContent-Length: 10\r\n\r\n0123`,
      );
      while ((await left()).length === before.length) await sleep(10);
      await sleep(100);
      cut.destroy();
      while ((await left()).length > before.length) await sleep(10);
    });

    it('keeps what has arrived', async () => {
      const url = await begun('cut.txt', 10);
      const since = performance.now();
      (await beginPatch(url, 0, 10, '0123')).destroy();
      expect((await steps.head(url)).headers['upload-offset']).toBe('4');
      (await beginPatch(url, 4, 6, '45')).resetAndDestroy();
      expect((await steps.head(url)).headers['upload-offset']).toBe('6');
      // Nobody waits for a second to see whether more comes.
      expect(performance.now() - since).toBeLessThan(900);
      expect((await steps.patch(url, 6, '6789')).status).toBe(204);
      expect(String(await stored('cut.txt'))).toBe('0123456789');
    });

    it('keeps nothing that its checksum has not been held against', async () => {
      const url = await begun('unverified.txt', 10);
      const checksum = `Upload-Checksum: sha1 ${createHash('sha1').update('0123456789').digest('base64')}\r\n`;
      (await beginPatch(url, 0, 10, '0123', checksum)).destroy();
      expect((await steps.head(url)).headers['upload-offset']).toBe('0');
      await steps.end(url);
    });

    it('gives the upload of a dead connection to who comes, within two seconds', async () => {
      const url = await begun('dead.txt', 10);
      const dead = await beginPatch(url, 0, 10, '0123');
      const since = performance.now();
      expect((await steps.head(url)).headers['upload-offset']).toBe('4');
      expect(performance.now() - since).toBeLessThan(2000);
      expect((await steps.patch(url, 4, '456789')).status).toBe(204);
      dead.destroy();
      expect(String(await stored('dead.txt'))).toBe('0123456789');
    });

    it('refuses who comes while bytes arrive, and ends it all the same', async () => {
      const url = await begun('alive.txt', 10_000);
      const alive = await beginPatch(url, 0, 10_000, '0');
      const timer = setInterval(() => alive.write('x'), 50).unref();
      const answered = once(alive, 'data') as Promise<[Buffer]>;
      const replies = await Promise.all([steps.head(url), steps.patch(url, 1, 'x')]);
      expect(replies.map(({ status, headers }) => [status, headers['retry-after']])).toEqual([
        [423, '1'],
        [423, '1'],
      ]);
      expect((await steps.end(url)).status).toBe(204);
      expect(String((await answered)[0])).toMatch(/^HTTP\/1.1 423 /);
      clearInterval(timer);
      alive.destroy();
      expect((await steps.head(url)).status).toBe(404);
    });

    it('ends a connection that stands still', async () => {
      const url = await begun('slow.txt', 10);
      const slow = await beginPatch(url, 0, 10, '0123');
      expect(await text(slow)).toMatch(/^HTTP\/1.1 408 /);
      expect((await steps.head(url)).headers['upload-offset']).toBe('4');
      await steps.end(url);
    }, 10_000);

    it('writes no error into the log when a client goes away', async () => {
      const url = await begun('gone.txt', 10);
      const before = playhead.log.length;
      (await beginPatch(url, 0, 10, '0123')).destroy();
      await steps.end(url);
      expect(playhead.log.slice(before).filter(({ level }) => level > 30)).toEqual([]);
    });
  });

  it('expires', async () => {
    const url = await begun('old.txt', 10);
    await steps.patch(url, 0, '01234');
    const fresh = await begun('fresh.txt', 10);
    const bytes = path.join(playhead.root, '.playhead/uploads', url.slice(UPLOADS.length + 1));
    // A crash may leave it.
    const half = `${bytes}.json-0.partial`;
    await writeFile(half, '{"id":');
    // What is in the way of one keeps no other.
    const stubborn = path.join(path.dirname(bytes), `${'0'.repeat(16)}-${'0'.repeat(32)}`);
    await mkdir(stubborn);
    const past = Date.now() / 1000 - 604_801;
    for (const file of [bytes, half, stubborn]) await utimes(file, past, past);
    expect((await steps.head(url)).status).toBe(404);
    expect((await steps.patch(url, 5, '56789')).status).toBe(404);
    expect(await playhead.app.get(Uploads).sweep()).toBe(1);
    await rmdir(stubborn);
    const id = fresh.slice(UPLOADS.length + 1);
    expect((await left()).sort()).toEqual([id, `${id}.json`]);
    await steps.end(fresh);
  });

  describe('by tus-js-client', () => {
    const endpoint = () => `${playhead.url}${UPLOADS}`;
    /** Resolves when it is over. */
    const run = (
      source: Buffer | Readable,
      options: Partial<tus.UploadOptions> & { metadata: Record<string, string> },
      begin: (upload: tus.Upload) => void = () => undefined,
    ) =>
      new Promise<tus.Upload>((resolve, reject) => {
        const upload = new tus.Upload(source, {
          endpoint: endpoint(),
          retryDelays: [0, 100, 1000, 1000, 1000],
          onError: reject,
          onSuccess: () => resolve(upload),
          ...options,
        });
        begin(upload);
        upload.start();
      });

    it('uploads in pieces, many at once', async () => {
      const files = Array.from(
        { length: 8 },
        (_, index) => [`many/${index}.bin`, randomBytes(300_000 + index)] as const,
      );
      await Promise.all(
        files.map(([name, bytes]) => run(bytes, { metadata: { path: name }, chunkSize: 100_000 })),
      );
      for (const [name, bytes] of files) expect((await stored(name)).equals(bytes)).toBe(true);
    });

    it('uploads with the creation, with a length that is known at the end, and without bytes', async () => {
      const bytes = randomBytes(200_000);
      await run(bytes, { metadata: { path: 'js/with.bin' }, uploadDataDuringCreation: true });
      await run(Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]), {
        metadata: { path: 'js/stream.bin' },
        uploadLengthDeferred: true,
        chunkSize: 64_000,
      });
      await run(Buffer.alloc(0), { metadata: { path: 'js/empty.bin' } });
      await run(bytes, { metadata: { path: 'js/posted.bin' }, overridePatchMethod: true });
      for (const name of ['with', 'stream', 'posted'])
        expect((await stored(`js/${name}.bin`)).equals(bytes)).toBe(true);
      expect((await stored('js/empty.bin')).length).toBe(0);
    });

    it('goes on where a cut connection has left it', async () => {
      const line = await CutLine.to(playhead.port, 3_000_000, 2);
      const bytes = randomBytes(10_000_000);
      const offsets: number[] = [];
      await run(bytes, {
        endpoint: `http://127.0.0.1:${line.port}${UPLOADS}`,
        metadata: { path: 'js/cut.bin', digest: `sha-256=:${sha256(bytes)}:` },
        onAfterResponse: (request, response) => {
          if (request.getMethod() === 'HEAD' && response.getStatus() === 200)
            offsets.push(Number(response.getHeader('Upload-Offset')));
        },
      });
      line.close();
      expect(line.cuts).toBe(2);
      expect(offsets.length).toBeGreaterThanOrEqual(2);
      // Not from the beginning.
      for (const offset of offsets) expect(offset).toBeGreaterThan(0);
      expect((await stored('js/cut.bin')).equals(bytes)).toBe(true);
    }, 20_000);

    it('stops, goes on, and ends', async () => {
      const bytes = randomBytes(5_000_000);
      let stopped: tus.Upload | undefined;
      const paused = new Promise<void>((resolve) => {
        void run(
          bytes,
          {
            metadata: { path: 'js/paused.bin' },
            chunkSize: 500_000,
            onChunkComplete: (_, sent) => {
              if (sent >= 1_000_000) void stopped!.abort().then(resolve);
            },
          },
          (upload) => (stopped = upload),
        );
      });
      await paused;
      const url = stopped!.url!;
      await run(bytes, { uploadUrl: url, metadata: { path: 'js/paused.bin' } });
      expect((await stored('js/paused.bin')).equals(bytes)).toBe(true);
      await tus.Upload.terminate(url);
      expect((await steps.head(new URL(url).pathname)).status).toBe(404);
    });

    it('tells of what is in the way', async () => {
      await writeFile(path.join(playhead.root, 'mine'), 'old');
      await expect(run(Buffer.from('new'), { metadata: { path: 'mine' }, retryDelays: [] })).rejects.toThrow(
        /409/,
      );
    });
  });
});

describe('resumable uploads of users', () => {
  let playhead: Playhead;
  const alice = basic('alice', 'a');
  const bob = basic('bob', 'b');
  beforeAll(async () => {
    playhead = await startPlayhead({
      users: [user('alice', 'a', '/music:rw,/films:rwd'), user('bob', 'b', '/:rw')],
      rules: parseRules('/open:rw'),
    });
  });
  afterAll(() => playhead.close());
  const length = { 'Upload-Length': 5 };

  it('are taken only where one may write', async () => {
    const { create } = stepsOn(playhead, alice);
    expect((await create({ path: 'x' }, length)).status).toBe(403);
    expect((await stepsOn(playhead).create({ path: 'x' }, length)).status).toBe(401);
    await writeFile(path.join(playhead.root, 'there'), 'old');
    const replace = { path: 'there', onConflict: 'replace' };
    expect((await stepsOn(playhead, bob).create(replace, length)).status).toBe(403);
  });

  it('belong to who began them', async () => {
    const of = (who = {}) => stepsOn(playhead, who);
    const url = locationOf(await of(alice).create({ path: 'music/a' }, length));
    const unowned = locationOf(await of().create({ path: 'open/a' }, length));
    for (const [who, theirs] of [
      [bob, url],
      [{}, url],
      [bob, unowned],
    ] as const) {
      expect((await of(who).head(theirs)).status).toBe(404);
      expect((await of(who).patch(theirs, 0, 'bytes')).status).toBe(404);
      expect((await of(who).end(theirs)).status).toBe(404);
    }
    expect((await of(alice).patch(url, 0, 'by')).status).toBe(204);
    const list = async (who = {}) => (await playhead.http.get(UPLOADS, who)).json.uploads as object[];
    expect(await list(alice)).toMatchObject([{ url, path: 'music/a', offset: 2, length: 5 }]);
    expect(await list(bob)).toEqual([]);
    expect(await list()).toEqual([]);
    expect((await of(alice).patch(url, 2, 'tes')).status).toBe(204);
    expect((await of().patch(unowned, 0, 'bytes')).status).toBe(204);
    expect(await list(alice)).toEqual([]);
  });

  it('are not taken from pages of other sites', async () => {
    const login = await playhead.http.send('/api/v1/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'alice', password: 'a' }),
    });
    const cookie = { Cookie: login.headers['set-cookie']![0]!.split(';', 1)[0]! };
    const from = (fields: Readonly<Record<string, string>>) =>
      stepsOn(playhead, { ...cookie, ...fields }).create({ path: 'music/b' }, length);
    for (const fields of [{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'http://elsewhere.example' }, {}])
      expect((await from(fields)).status).toBe(403);
    const own = { ...cookie, 'Sec-Fetch-Site': 'same-origin' };
    const url = locationOf(await stepsOn(playhead, own).create({ path: 'music/b' }, length));
    expect((await stepsOn(playhead, { ...cookie, Origin: 'null' }).patch(url, 0, 'bytes')).status).toBe(403);
    expect((await stepsOn(playhead, own).patch(url, 0, 'bytes')).status).toBe(204);
  });

  it('end when the permission does', async () => {
    const root = playhead.root;
    const url = locationOf(await stepsOn(playhead, alice).create({ path: 'films/a' }, length));
    const later = await startPlayhead({ root, users: [user('alice', 'a', '/music:rw')] });
    // Not only by the last byte.
    expect((await stepsOn(later, alice).patch(url, 0, 'by')).status).toBe(403);
    expect((await stepsOn(later, alice).head(url)).status).toBe(403);
    expect((await stepsOn(later, alice).end(url)).status).toBe(403);
    await later.close();
  });

  it('are no more than a thousand', async () => {
    const folder = path.join(playhead.root, '.playhead/uploads');
    const first = locationOf(await stepsOn(playhead, bob).create({ path: 'one' }, length));
    const prefix = first.slice(UPLOADS.length + 1).split('-')[0]!;
    const others = Array.from(
      { length: 999 },
      (_, index) => `${prefix}-${String(index).padStart(32, '0')}.json`,
    );
    await Promise.all(others.map((name) => writeFile(path.join(folder, name), '{}')));
    expect(await stepsOn(playhead, bob).create({ path: 'two' }, length)).toMatchObject({
      status: 429,
      json: { type: '/problems/too-many-uploads' },
    });
    expect((await stepsOn(playhead, alice).create({ path: 'music/c' }, length)).status).toBe(201);
    await Promise.all(others.map((name) => rm(path.join(folder, name))));
  });
});

it('resumable uploads are not there where nobody may write', async () => {
  const playhead = await startPlayhead();
  for (const method of ['OPTIONS', 'POST'])
    expect((await playhead.http.send(UPLOADS, { method })).status).toBe(404);
  await playhead.close();
});

(noMount === undefined ? describe : describe.skip)('resumable uploads on a full disk', () => {
  let root: string;
  let playhead: Playhead;
  beforeEach(async () => {
    root = await makeFolder();
    mount(root, '2m');
    playhead = await startPlayhead({ root, write: true });
  });
  afterEach(async () => {
    await playhead.close();
    unmount(root);
    await rm(root, { recursive: true });
  });

  it('keep what has arrived, and go on when there is room', async () => {
    const { create, patch, head } = stepsOn(playhead);
    expect((await create({ path: 'huge' }, { 'Upload-Length': 3_000_000 })).status).toBe(507);
    const filler = path.join(root, 'filler');
    const bytes = randomBytes(1_500_000);
    const url = locationOf(await create({ path: 'film' }, { 'Upload-Length': bytes.length }));
    await writeFile(filler, Buffer.alloc(1_000_000));
    expect((await patch(url, 0, bytes)).status).toBe(507);
    const offset = Number((await head(url)).headers['upload-offset']);
    expect(offset).toBeGreaterThan(500_000);
    await rm(filler);
    expect((await patch(url, offset, bytes.subarray(offset))).status).toBe(204);
    expect((await readFile(path.join(root, 'film'))).equals(bytes)).toBe(true);
  });
});

describe('resumable uploads and the end of the server', () => {
  let root: string;
  const processes: PlayheadProcess[] = [];
  beforeEach(async () => {
    root = await makeFolder();
  });
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((program) => program.kill()));
    await rm(root, { recursive: true });
  });
  const start = async () => {
    const program = PlayheadProcess.start([root, '--write', '--port', '0']);
    processes.push(program);
    const { port } = await program.listening();
    return { program, port, url: `http://127.0.0.1:${port}` };
  };
  const send = (url: string, method: string, headers: Record<string, string>, body?: Buffer | Readable) =>
    fetch(url, {
      method,
      headers: { ...VERSION, ...headers },
      ...(body && {
        body: (body instanceof Readable ? Readable.toWeb(body) : body) as Buffer<ArrayBuffer>,
        duplex: 'half',
      }),
    });

  it('go on after a kill', async () => {
    const bytes = randomBytes(3_000_000);
    let server = await start();
    const pairs = metadata({ path: 'a/film', digest: `sha-256=:${sha256(bytes)}:` });
    const created = await send(`${server.url}${UPLOADS}`, 'POST', {
      'Upload-Length': '3000000',
      'Upload-Metadata': pairs,
    });
    const location = created.headers.get('location')!;
    let offset = 0;
    for (const size of [700_000, 900_000]) {
      const upTo = offset + size;
      const from = offset;
      async function* slowly() {
        yield bytes.subarray(from, upTo);
        await sleep(60_000, undefined, { ref: false });
      }
      const cut = send(
        server.url + location,
        'PATCH',
        { 'Content-Type': CHUNK['Content-Type'], 'Upload-Offset': String(offset) },
        Readable.from(slowly()),
      );
      const failed = expect(cut).rejects.toThrow();
      const file = path.join(root, '.playhead', location.replace('/api/v1/', ''));
      while ((await readFile(file)).length < upTo) await sleep(20);
      server.program.signal('SIGKILL');
      await failed;
      await server.program.exited();
      server = await start();
      offset = Number((await send(server.url + location, 'HEAD', {})).headers.get('upload-offset'));
      expect(offset).toBe(upTo);
    }
    const last = await send(
      server.url + location,
      'PATCH',
      { 'Content-Type': CHUNK['Content-Type'], 'Upload-Offset': String(offset) },
      bytes.subarray(offset),
    );
    expect(last.status).toBe(204);
    expect((await readFile(path.join(root, 'a/film'))).equals(bytes)).toBe(true);
  }, 60_000);

  it('count no bytes that a kill has kept from being verified', async () => {
    let server = await start();
    const created = await send(`${server.url}${UPLOADS}`, 'POST', {
      'Upload-Length': '10',
      'Upload-Metadata': metadata({ path: 'film' }),
    });
    const location = created.headers.get('location')!;
    async function* slowly() {
      yield Buffer.from('bad');
      await sleep(60_000, undefined, { ref: false });
    }
    const checksum = `sha1 ${createHash('sha1').update('0123456789').digest('base64')}`;
    const cut = send(
      server.url + location,
      'PATCH',
      { 'Content-Type': CHUNK['Content-Type'], 'Upload-Offset': '0', 'Upload-Checksum': checksum },
      Readable.from(slowly()),
    );
    const failed = expect(cut).rejects.toThrow();
    const file = path.join(root, '.playhead', location.replace('/api/v1/', ''));
    while ((await readFile(file)).length < 3) await sleep(20);
    server.program.signal('SIGKILL');
    await failed;
    await server.program.exited();
    server = await start();
    expect((await send(server.url + location, 'HEAD', {})).headers.get('upload-offset')).toBe('0');
    const last = await send(
      server.url + location,
      'PATCH',
      { 'Content-Type': CHUNK['Content-Type'], 'Upload-Offset': '0' },
      Buffer.from('0123456789'),
    );
    expect(last.status).toBe(204);
    expect(String(await readFile(path.join(root, 'film')))).toBe('0123456789');
  }, 60_000);
});
