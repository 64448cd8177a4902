import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { rest } from '../support/raw-socket.js';
import { leftoversOf } from '../support/storage/leftovers.js';
import { basic, user } from '../support/users.js';

const BOUNDARY = '----WebKitFormBoundary7MA4YWxkTrZu0gW';
const TYPE = { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` };
const END = `--${BOUNDARY}--\r\n`;

/** A part, with its Content-Disposition behind `form-data; name="files[]"`. */
function part(disposition: string, content: string | Buffer = 'x'): Buffer {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="files[]"${disposition}\r\n`;
  return Buffer.concat([
    Buffer.from(`${head}Content-Type: application/octet-stream\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
}
const file = (name: string, content?: string | Buffer) => part(`; filename="${name}"`, content);
const form = (...parts: readonly (Buffer | string)[]) =>
  Buffer.concat([...parts, END].map((each) => Buffer.from(each as string)));

interface Result {
  readonly name: string | null;
  readonly status: string;
  readonly path?: string;
  readonly problem?: { readonly status: number };
}

describe('POST /files/{folder}/', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead({ write: true, maxUploadSize: 2_000_000 });
  });
  afterAll(async () => {
    const leftovers = await leftoversOf(playhead.root);
    await playhead.close();
    expect(leftovers).toEqual([]);
    expect(playhead.log.filter(({ level }) => level >= 40)).toEqual([]);
  });
  let folder = 0;
  let at = '';
  beforeEach(() => {
    at = `t${++folder}`;
  });
  const post = (body: Buffer, query = '', headers: Record<string, string> = TYPE) =>
    playhead.http.send(`/files/${at}/${query}`, { method: 'POST', headers, body });
  const outcome = async (body: Buffer, query = '') => {
    const { status, json } = await post(body, query);
    const files = json.files as Result[];
    return {
      status,
      files: files.map(({ name, problem, ...of }) => [
        name,
        problem?.status ?? of.path?.slice(at.length + 1),
      ]),
    };
  };
  const onDisk = (name: string) => readFile(path.join(playhead.root, at, name), 'utf8');

  it('stores any number of files, with their folders, and tells of each', async () => {
    const bytes = randomBytes(1_500_000);
    const reply = await post(form(file('a.txt', 'one'), file('sub/dir/b.bin', bytes), file('empty', '')));
    expect(reply.status).toBe(200);
    expect(reply.json.files).toMatchObject([
      {
        name: 'a.txt',
        status: 'created',
        path: `${at}/a.txt`,
        size: 3,
        links: { file: `/files/${at}/a.txt` },
      },
      { name: 'sub/dir/b.bin', status: 'created', path: `${at}/sub/dir/b.bin`, size: bytes.length },
      { name: 'empty', status: 'created', size: 0 },
    ]);
    const stored = await readFile(path.join(playhead.root, at, 'sub/dir/b.bin'));
    expect(stored.equals(bytes)).toBe(true);
    const [{ etag }] = reply.json.files as [{ etag: string }];
    expect((await playhead.http.get(`/files/${at}/a.txt`)).headers.etag).toBe(etag);
  });

  it('takes what FormData of a browser sends, in any script', async () => {
    const data = new FormData();
    data.append('anything', new Blob(['夏']), '夏の歌/Été à Zürich.txt');
    data.append('text', 'no file');
    const sent = await fetch(`${playhead.url}/files/${at}`, { method: 'POST', body: data });
    expect(sent.status).toBe(200);
    expect(await onDisk('夏の歌/Été à Zürich.txt')).toBe('夏');
  });

  it('takes forms for the root', async () => {
    const { status } = await playhead.http.send('/files/', {
      method: 'POST',
      headers: TYPE,
      body: form(file('root.txt')),
    });
    expect(status).toBe(200);
    expect(await readdir(playhead.root)).toContain('root.txt');
  });

  it('keeps every byte, wherever the pieces of the body begin', async () => {
    const content = Buffer.concat([
      randomBytes(500),
      Buffer.from(`\r\n--${BOUNDARY.slice(0, -1)}\r\n--\r\n\r\n`),
      randomBytes(500),
    ]);
    const body = Buffer.concat([
      Buffer.from('preamble\r\n'),
      form(file('a', content), file('b', content)),
      Buffer.from('epilogue'),
    ]);
    const whole = form(file('a', content), file('b', content));
    for (const [size, bytes] of [
      [1, whole],
      [7, whole],
      [61, body],
    ] as const) {
      const socket = net.connect(playhead.port, '127.0.0.1');
      socket.setNoDelay();
      const answer = rest(socket);
      socket.write(
        `POST /files/${at}/${size} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: ${TYPE['Content-Type']}\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      for (let from = 0; from < bytes.length; from += size) {
        const piece = bytes.subarray(from, from + size);
        socket.write(`${piece.length.toString(16)}\r\n`);
        socket.write(piece);
        socket.write('\r\n');
        if (from % 100 === 0) await sleep(0);
      }
      socket.write('0\r\n\r\n');
      expect((await answer).toString()).toMatch(/^HTTP\/1\.1 20[07] /);
      for (const name of ['a', 'b'])
        expect((await readFile(path.join(playhead.root, at, String(size), name))).equals(content)).toBe(true);
    }
  }, 20_000);

  describe('names', () => {
    it.each([
      ["; filename*=UTF-8''%C3%89t%C3%A9.txt", 'Été.txt'],
      ['; filename="a.txt"; filename*=UTF-8\'\'%E5%A4%8F', '夏'],
      ['; filename="semi;colon=\'x\'.txt"', "semi;colon='x'.txt"],
      ['; filename=plain', 'plain'],
      ['; filename="quote\\"d"', 'quote"d'],
      ['; filename=" blanks  "', ' blanks  '],
      ['; filename="%2e%2e"', '%2e%2e'],
      ['; filename="..."', '...'],
    ])('%s is kept', async (disposition, name) => {
      const { status, json } = await post(form(part(disposition)), '', TYPE);
      const isHidden = name.startsWith('.');
      expect(status).toBe(isHidden ? 207 : 200);
      if (!isHidden) expect(json.files).toMatchObject([{ name, path: `${at}/${name}` }]);
    });

    it.each([
      '../up',
      'a/../../up',
      '..',
      '/etc/passwd',
      'C:\\\\Users\\\\me\\\\a.txt',
      '..\\\\up',
      'a//b',
      'a/',
      './a',
      'nul\0',
      '.hidden',
      'a/.hidden/b',
      '.playhead/tmp/x',
      'x'.repeat(256),
      'caf\xe9 in latin 1',
    ])('%j is refused, and the others are not', async (name) => {
      const bad = name.startsWith('caf') ? Buffer.from(file(name).toString(), 'latin1') : file(name);
      const { status, files } = await outcome(form(file('before'), bad, file('after')));
      expect(status).toBe(207);
      expect(files.map(([, result]) => result)).toEqual(['before', 400, 'after']);
      expect((await readdir(path.join(playhead.root, at))).sort()).toEqual(['after', 'before']);
      expect(await readdir(playhead.root)).not.toContain('up');
    });
  });

  describe('a name that is taken', () => {
    const twice = form(file('a.txt', 'new'), file('b.txt', 'new'));
    beforeEach(async () => {
      await mkdir(path.join(playhead.root, at));
      await writeFile(path.join(playhead.root, at, 'a.txt'), 'old');
    });

    it('fails, by itself and unless told otherwise', async () => {
      expect(await outcome(twice)).toEqual({
        status: 207,
        files: [
          ['a.txt', 409],
          ['b.txt', 'b.txt'],
        ],
      });
      expect([await onDisk('a.txt'), await onDisk('b.txt')]).toEqual(['old', 'new']);
    });

    it('gets another, with rename', async () => {
      expect(await outcome(twice, '?onConflict=rename')).toEqual({
        status: 200,
        files: [
          ['a.txt', 'a (1).txt'],
          ['b.txt', 'b.txt'],
        ],
      });
      expect([await onDisk('a.txt'), await onDisk('a (1).txt')]).toEqual(['old', 'new']);
    });

    it('gives it up, with replace; a folder never does', async () => {
      await mkdir(path.join(playhead.root, at, 'b.txt'));
      const { status, json } = await post(twice, '?onConflict=replace');
      expect([status, (json.files as Result[])[0]!.status]).toEqual([207, 'replaced']);
      expect(await onDisk('a.txt')).toBe('new');
    });
  });

  describe('what is no form', () => {
    it.each<[string, Buffer, Record<string, string>, number]>([
      ['another type', Buffer.from('a=b'), { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
      ['no type', Buffer.from('x'), {}, 415],
      ['a coding', form(file('a')), { ...TYPE, 'Content-Encoding': 'gzip' }, 415],
      ['no boundary', form(file('a')), { 'Content-Type': 'multipart/form-data' }, 400],
      ['another boundary', form(file('a')), { 'Content-Type': 'multipart/form-data; boundary=other' }, 400],
      ['nothing', Buffer.alloc(0), TYPE, 400],
      ['no part', form(), TYPE, 400],
      ['no file', form(part('', 'text')), TYPE, 400],
      ['no file chosen', form(file('', '')), TYPE, 400],
      ['a header without an end', Buffer.from(`--${BOUNDARY}\r\nX: ${'y'.repeat(100_000)}`), TYPE, 400],
      ['a header that is none', form(`--${BOUNDARY}\r\nnonsense\r\n\r\nx\r\n`), TYPE, 400],
    ])('%s', async (_, body, headers, status) => {
      expect((await post(body, '', headers)).status).toBe(status);
      expect(await readdir(playhead.root)).not.toContain(at);
    });

    it('a policy nobody knows, and a file in the place of the folder', async () => {
      expect((await post(form(file('a')), '?onConflict=other')).status).toBe(400);
      await writeFile(path.join(playhead.root, at), '');
      expect((await post(form(file('a')))).status).toBe(409);
    });
  });

  describe('a form that goes wrong midway', () => {
    it('keeps what was whole when it ends too early', async () => {
      const whole = form(file('a', 'one'), file('b', 'two'), file('c', 'three'));
      const cut = whole.subarray(0, whole.indexOf('three') + 2);
      expect(await outcome(cut)).toEqual({
        status: 207,
        files: [
          ['a', 'a'],
          ['b', 'b'],
          ['c', 400],
        ],
      });
      expect(await readdir(path.join(playhead.root, at))).toEqual(['a', 'b']);
    });

    it('says so when it ends between two files', async () => {
      const { status, files } = await outcome(
        Buffer.concat([file('a'), Buffer.from(`--${BOUNDARY}\r\nContent-`)]),
      );
      expect([status, files]).toEqual([
        207,
        [
          ['a', 'a'],
          [null, 400],
        ],
      ]);
    });

    it('goes on behind a file that is too large', async () => {
      const large = file('large', Buffer.alloc(2_000_001));
      expect(await outcome(form(file('a'), large, file('b')))).toEqual({
        status: 207,
        files: [
          ['a', 'a'],
          ['large', 413],
          ['b', 'b'],
        ],
      });
    });

    it('keeps what was whole when the connection breaks, and nothing of the rest', async () => {
      const socket = net.connect(playhead.port, '127.0.0.1');
      const body = form(file('a', 'one'), file('b', Buffer.alloc(900_000)));
      socket.write(
        `POST /files/${at} HTTP/1.1\r\nHost: a\r\nContent-Type: ${TYPE['Content-Type']}\r\nContent-Length: ${body.length}\r\n\r\n`,
      );
      socket.write(body.subarray(0, 500_000));
      const until = async (isThere: () => Promise<boolean>) => {
        for (const end = Date.now() + 2000; !(await isThere()) && Date.now() < end;) await sleep(5);
      };
      await until(
        async () =>
          (await readdir(playhead.root)).includes(at) && (await leftoversOf(playhead.root)).length > 0,
      );
      await sleep(50);
      socket.destroy();
      await until(async () => (await leftoversOf(playhead.root)).length === 0);
      expect(await leftoversOf(playhead.root)).toEqual([]);
      expect(await readdir(path.join(playhead.root, at))).toEqual(['a']);
    });
  });

  it('takes many small files in one piece, each once', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `f${index}`);
    const { status, files } = await outcome(form(...names.map((name) => file(name, name))));
    expect(status).toBe(200);
    expect(files).toEqual(names.map((name) => [name, name]));
    expect(await onDisk('f199')).toBe('f199');
  }, 20_000);

  it('holds little of a large file in memory', async () => {
    const unlimited = await startPlayhead({ write: true });
    const size = 200 * 2 ** 20;
    const head = file('large', '').subarray(0, -2);
    const tail = Buffer.from(`\r\n${END}`);
    const piece = randomBytes(2 ** 20);
    const hash = createHash('sha256');
    const socket = net.connect(unlimited.port, '127.0.0.1');
    const answer = rest(socket);
    socket.write(
      `POST /files/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: ${TYPE['Content-Type']}\r\nContent-Length: ${head.length + size + tail.length}\r\n\r\n`,
    );
    socket.write(head);
    const before = process.memoryUsage.rss();
    let most = 0;
    for (let sent = 0; sent < size; sent += piece.length) {
      hash.update(piece);
      if (!socket.write(piece)) await new Promise((resolve) => socket.once('drain', resolve));
      most = Math.max(most, process.memoryUsage.rss() - before);
    }
    socket.write(tail);
    expect((await answer).toString()).toMatch(/^HTTP\/1\.1 200 /);
    expect(most).toBeLessThan(100 * 2 ** 20);
    const stored = await readFile(path.join(unlimited.root, 'large'));
    expect(createHash('sha256').update(stored).digest('hex')).toBe(hash.digest('hex'));
    await unlimited.close();
  }, 30_000);
});

describe('POST /files by whom', () => {
  let playhead: Playhead;
  const alice = basic('alice', 'a');
  beforeAll(async () => {
    playhead = await startPlayhead({ users: [user('alice', 'a', '/in:rw,/in/closed:r')] });
  });
  afterAll(() => playhead.close());
  const post = (folder: string, headers: Record<string, string>, ...parts: Buffer[]) =>
    playhead.http.send(`/files/${folder}`, {
      method: 'POST',
      headers: { ...TYPE, ...headers },
      body: form(...parts),
    });

  it('nobody: 401, who may only read: 403, a page of another site: 403', async () => {
    expect((await post('in', {}, file('a'))).status).toBe(401);
    expect((await post('', alice, file('a'))).status).toBe(403);
    expect((await post('in', { ...alice, Origin: 'https://evil.example' }, file('a'))).status).toBe(403);
    expect(await readdir(playhead.root)).toEqual([]);
  });

  it('asks for each file', async () => {
    const { status, json } = await post(
      'in?onConflict=replace',
      alice,
      file('a'),
      file('closed/b'),
      file('a'),
    );
    expect(status).toBe(207);
    const results = (json.files as Result[]).map((result) => result.problem?.status ?? result.status);
    expect(results).toEqual(['created', 403, 403]);
    // The next free name is not the one that was asked for, and may be anybody's.
    expect((await post('in?onConflict=rename', alice, file('a'))).status).toBe(200);
  });
});
