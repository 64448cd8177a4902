import {
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Entry } from '../../src/browse/entry.js';
import type { OperationResult } from '../../src/entries/bulk.js';
import { EventListener } from '../support/event-listener.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { leftoversOf } from '../support/storage/leftovers.js';
import { basic, user } from '../support/users.js';

const ENTRIES = '/api/v1/entries';
const urlOf = (name: string) => `${ENTRIES}/${name.split('/').map(encodeURIComponent).join('/')}`;
const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Every file below a root by its path, with what is in it; folders end in a slash. */
async function everythingIn(root: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const full = path.join(entry.parentPath, entry.name);
    const name = path.relative(root, full);
    if (name.startsWith('.playhead')) continue;
    if (entry.isDirectory()) found[`${name}/`] = '';
    else found[name] = entry.isSymbolicLink() ? `-> ${await readlink(full)}` : await readFile(full, 'utf8');
  }
  return found;
}

describe('changing entries', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead({ write: true });
  });
  afterAll(() => playhead.close());
  afterEach(async () => {
    expect(await leftoversOf(playhead.root)).toEqual([]);
    for (const name of await readdir(playhead.root)) await rm(at(name), { recursive: true });
  });
  const at = (name: string) => path.join(playhead.root, name);
  const everything = () => everythingIn(playhead.root);
  const put = async (...names: string[]) => {
    for (const name of names) {
      await mkdir(path.dirname(at(name)), { recursive: true });
      await writeFile(at(name), name);
    }
  };
  const send = (method: string, url: string, body: unknown, headers = {}) =>
    playhead.http.send(url, { method, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) });
  const move = (from: string, body: unknown, headers = {}) => send('PATCH', urlOf(from), body, headers);
  const make = (to: string, body: unknown) => send('POST', urlOf(to), body);

  describe('PATCH', () => {
    it('renames a file, and answers by the entry as it is then', async () => {
      await put('a/夏.mp4');
      const { status, json } = await move('a/夏.mp4', { path: 'a/été ☀.mp4' });
      expect(status).toBe(200);
      expect(json).toEqual((await playhead.http.get(urlOf('a/été ☀.mp4'))).json);
      expect(await everything()).toEqual({ 'a/': '', 'a/été ☀.mp4': 'a/夏.mp4' });
    });

    it('moves a folder into folders that are made', async () => {
      await put('a/b/f', 'a/.hidden');
      expect((await move('a', { path: 'x/y/z' })).json).toMatchObject({ kind: 'folder', path: 'x/y/z' });
      expect(await everything()).toEqual({
        'x/': '',
        'x/y/': '',
        'x/y/z/': '',
        'x/y/z/b/': '',
        'x/y/z/b/f': 'a/b/f',
        'x/y/z/.hidden': 'a/.hidden',
      });
    });

    it('overwrites nothing unless told, and no folder ever', async () => {
      await put('f.txt', 'g.txt', 'a/x', 'b/y');
      const before = await everything();
      for (const [from, body] of [
        ['f.txt', { path: 'g.txt' }],
        ['f.txt', { path: 'f.txt' }],
        ['f.txt', { path: 'g.txt', onConflict: 'fail' }],
        ['f.txt', { path: 'a', onConflict: 'replace' }],
        ['a', { path: 'b', onConflict: 'replace' }],
        ['a', { path: 'f.txt', onConflict: 'replace' }],
        ['f.txt', { path: '' }],
        ['a', { path: 'g.txt/a' }],
      ] as const)
        expect([from, body, (await move(from, body)).status]).toEqual([from, body, 409]);
      expect(await everything()).toEqual(before);
      expect((await move('f.txt', { path: 'g.txt', onConflict: 'rename' })).json.path).toBe('g (1).txt');
      expect((await move('g (1).txt', { path: 'g.txt', onConflict: 'replace' })).status).toBe(200);
      expect(await readFile(at('g.txt'), 'utf8')).toBe('f.txt');
    });

    it.each(['a/c', 'a/b/c', 'a/new/c'])('moves no folder into itself: %s', async (to) => {
      await put('a/b/f');
      const before = await everything();
      expect((await move('a', { path: to })).status).toBe(409);
      expect((await make(to, { copyFrom: 'a' })).status).toBe(409);
      expect(await everything()).toEqual(before);
    });

    it('holds If-Match', async () => {
      await put('f');
      await sleep(25);
      const { etag } = (await playhead.http.get(urlOf('f'))).json;
      expect((await move('f', { path: 'g' }, { 'If-Match': '"other"' })).status).toBe(412);
      expect((await move('f', { path: 'g' }, { 'If-Match': etag })).status).toBe(200);
      expect(await everything()).toEqual({ g: 'f' });
    });

    it('moves a link itself, and not to where it leads elsewhere', async () => {
      await put('a/f');
      await symlink('a/f', at('link'));
      expect((await move('link', { path: 'a/link' })).status).toBe(403);
      expect((await move('link', { path: 'other' })).status).toBe(200);
      expect(await everything()).toEqual({ 'a/': '', 'a/f': 'a/f', other: '-> a/f' });
      expect((await make('copy', { copyFrom: 'other' })).status).toBe(201);
      expect((await lstat(at('copy'))).isFile()).toBe(true);
    });

    it('leads nowhere out of the root', async () => {
      await put('f');
      const outside = await makeFolder();
      await symlink(outside, at('out'));
      expect((await move('f', { path: 'out/f' })).status).toBe(403);
      expect((await make('g', { copyFrom: 'out' })).status).toBe(404);
      expect((await move('out', { path: 'in' })).status).toBe(404);
      expect(await readdir(outside)).toEqual([]);
      await rm(outside, { recursive: true });
    });

    it('has both names of one file become one', async () => {
      await put('f');
      await link(at('f'), at('g'));
      expect((await move('f', { path: 'g', onConflict: 'replace' })).status).toBe(200);
      expect(await everything()).toEqual({ g: 'f' });
    });
  });

  describe('POST', () => {
    it('makes folders', async () => {
      const { status, headers, json } = await make('a/b c', { kind: 'folder' });
      expect([status, headers.location, json.kind]).toEqual([201, `${ENTRIES}/a/b%20c`, 'folder']);
      expect(await everything()).toEqual({ 'a/': '', 'a/b c/': '' });
      expect((await make('a/b c', { kind: 'folder' })).status).toBe(409);
    });

    it('copies a file, and a folder with what may be seen', async () => {
      await put('a/f', 'a/.hidden', 'a/b/g');
      const file = await make('copies/f', { copyFrom: 'a/f' });
      expect([file.status, file.headers.location]).toEqual([201, `${ENTRIES}/copies/f`]);
      expect((await make('copies/a', { copyFrom: 'a' })).status).toBe(201);
      expect((await make('copies/f', { copyFrom: 'a/b/g', onConflict: 'replace' })).status).toBe(200);
      expect(await everything()).toMatchObject({ 'copies/f': 'a/b/g', 'copies/a/f': 'a/f' });
      expect((await readdir(at('copies/a'))).sort()).toEqual(['b', 'f']);
    });
  });

  describe('what is refused', () => {
    const PATHS: [unknown, number][] = [
      ['..', 400],
      ['../f', 400],
      ['a/../../f', 400],
      ['/etc/f', 400],
      ['/', 400],
      ['a//b', 400],
      ['a/', 400],
      ['a\0b', 400],
      ['\ud800', 400],
      ['.hidden', 400],
      ['a/.hidden/f', 400],
      ['.playhead/trash/f', 400],
      ['a/.playhead/f', 400],
      ['a/.playhead-trash', 400],
      ['.playhead-write-0-1-1-0-1.tmp', 400],
      ['x'.repeat(256), 400],
      [7, 400],
      [null, 400],
      [undefined, 400],
    ];
    it.each(PATHS)('%j as a place: %d', async (to, status) => {
      await put('f');
      expect((await move('f', { path: to })).status).toBe(status);
      const { json } = await send('POST', ENTRIES, {
        operations: [
          { op: 'move', from: 'f', to },
          { op: 'copy', from: 'f', to },
          { op: 'makeFolder', path: to },
        ],
      });
      expect((json.results as OperationResult[]).map((result) => result.status)).toEqual([
        status,
        status,
        status,
      ]);
      expect(await everything()).toEqual({ f: 'f' });
    });

    it.each(['..', '../f', '/f', 'f/', 'a\0', '.hidden', '.playhead/trash', '', 'nothing', 'f/g'])(
      '%j as a source',
      async (from) => {
        await put('f');
        await writeFile(at('.hidden'), '');
        const { json } = await send('POST', ENTRIES, {
          operations: [
            { op: 'move', from, to: 'new' },
            { op: 'copy', from, to: 'new' },
            { op: 'delete', path: from },
            { op: 'delete', path: from, permanent: true },
          ],
        });
        for (const { status } of json.results as OperationResult[]) expect([400, 403, 404]).toContain(status);
        expect((await everything()).f).toBe('f');
        expect(Object.keys(await everything())).not.toContain('new');
      },
    );

    it('a path with two slashes, dots or an encoded slash in the URL', async () => {
      for (const url of ['a//b', '%2e%2e/b', 'a%2Fb', 'a%00'])
        expect((await send('POST', `${ENTRIES}/${url}`, { kind: 'folder' })).status).toBe(400);
      expect(await everything()).toEqual({});
    });

    it.each([
      ['{', JSON_TYPE],
      ['[]', JSON_TYPE],
      ['"text"', JSON_TYPE],
      ['null', JSON_TYPE],
      ['{"path":"g"}', { 'Content-Type': 'text/plain' }],
      ['{"path":"g","other":1}', JSON_TYPE],
      ['{"path":"g","onConflict":"destroy"}', JSON_TYPE],
      [`{"path":"g"${' '.repeat(70_000)}}`, JSON_TYPE],
      ['', {}],
    ])('%.30j as a body', async (body, headers) => {
      await put('f');
      for (const [method, url] of [
        ['PATCH', urlOf('f')],
        ['POST', urlOf('g')],
        ['POST', ENTRIES],
      ] as const)
        expect((await playhead.http.send(url, { method, headers, body })).status).toBe(400);
      expect(await everything()).toEqual({ f: 'f' });
    });

    it.each([
      { kind: 'file' },
      { kind: 'folder', copyFrom: 'f' },
      { kind: 'folder', onConflict: 'rename' },
      {},
      { onConflict: 'rename' },
    ])('%j as something new', async (body) => {
      await put('f');
      expect((await make('g', body)).status).toBe(400);
    });
  });

  describe('many at once', () => {
    const run = async (operations: unknown) => send('POST', ENTRIES, { operations });

    it('are done in order, each with its result, whatever becomes of the others', async () => {
      await put('a.txt', 'b.txt', 'c.txt', 'd.txt');
      const { status, json } = await run([
        { op: 'makeFolder', path: 'new' },
        { op: 'move', from: 'a.txt', to: 'new/a.txt' },
        { op: 'move', from: 'a.txt', to: 'new/again.txt' },
        { op: 'copy', from: 'b.txt', to: 'new/a.txt' },
        { op: 'copy', from: 'b.txt', to: 'new/a.txt', onConflict: 'rename' },
        { op: 'copy', from: 'b.txt', to: 'new/a.txt', onConflict: 'replace' },
        { op: 'delete', path: 'c.txt' },
        { op: 'delete', path: 'd.txt', permanent: true },
        { op: 'delete', path: '../x' },
        { op: 'explode' },
        'nonsense',
        null,
        { op: 'delete', path: 'b.txt', permanent: 'yes' },
      ]);
      const results = json.results as OperationResult[];
      expect(status).toBe(200);
      expect(results.map((result) => result.status)).toEqual([
        201, 200, 404, 409, 201, 200, 200, 204, 400, 400, 400, 400, 400,
      ]);
      expect(results[1]!.entry).toMatchObject({ path: 'new/a.txt', size: 5 });
      expect(results[4]!.entry).toMatchObject({ path: 'new/a (1).txt' });
      expect(results[6]!.trashEntry).toMatchObject({ path: 'c.txt' });
      expect(results[3]!.problem).toMatchObject({ type: '/problems/conflict', status: 409 });
      expect(results[8]!.problem).toMatchObject({ type: '/problems/invalid-path' });
      expect(await everything()).toEqual({
        'new/': '',
        'new/a.txt': 'b.txt',
        'new/a (1).txt': 'b.txt',
        'b.txt': 'b.txt',
      });
    });

    it.each([undefined, null, {}, [], 'text', Array.from({ length: 1001 }, () => ({}))])(
      'are a list of 1 to 1000: %.20j',
      async (operations) => {
        expect((await run(operations)).status).toBe(400);
      },
    );

    it('are a thousand in one', async () => {
      const operations = Array.from({ length: 1000 }, (_, index) => ({ op: 'delete', path: `no/${index}` }));
      const { json } = await run(operations);
      expect((json.results as OperationResult[]).filter(({ status }) => status === 404)).toHaveLength(1000);
    });
  });

  it('tells of every change, and writes it into the log', async () => {
    await put('f');
    const events = await EventListener.ready(playhead.port);
    await make('a', { kind: 'folder' });
    await make('a/g', { copyFrom: 'f' });
    await move('f', { path: 'h' });
    await events.until(() => events.entries.length >= 4);
    expect(events.entries.sort()).toEqual(['created a', 'created a/g', 'created h', 'removed f']);
    events.close();
    expect(playhead.log.filter(({ context }) => context === 'Audit').slice(-3)).toMatchObject([
      { action: 'make folder', path: 'a', outcome: 'done' },
      { action: 'copy', path: 'f', target: 'a/g', outcome: 'done' },
      { action: 'move', path: 'f', target: 'h', outcome: 'done' },
    ]);
  });

  it('waits for nobody less who has closed their half of the connection', async () => {
    await writeFile(at('large'), '');
    await truncate(at('large'), 200 * 2 ** 20);
    const body = '{"copyFrom":"large"}';
    const socket = net.connect({ port: playhead.port, host: '127.0.0.1', allowHalfOpen: true });
    const fields = ['Host: x', 'Connection: close', 'Content-Type: application/json'];
    const head = [`POST ${urlOf('half')} HTTP/1.1`, ...fields, `Content-Length: ${body.length}`, '', body];
    socket.end(head.join('\r\n'));
    const reply = await text(socket);
    expect(reply).toMatch(/^(?:HTTP\/1\.1 102 Processing\r\n\r\n)+HTTP\/1\.1 201 Created\r\n/);
    expect((await lstat(at('half'))).size).toBe(200 * 2 ** 20);
  });

  it('calls a copy off when the client goes away, and leaves nothing behind', async () => {
    await writeFile(at('large'), '');
    await truncate(at('large'), 4 * 2 ** 30);
    const request = http.request({
      port: playhead.port,
      host: '127.0.0.1',
      path: urlOf('copy'),
      method: 'POST',
      headers: JSON_TYPE,
      agent: false,
    });
    request.on('error', () => undefined);
    request.end(JSON.stringify({ copyFrom: 'large' }));
    const temporaries = () => readdir(at('.playhead/tmp')).catch(() => []);
    while ((await temporaries()).length === 0) await sleep(2);
    request.destroy();
    const begun = Date.now();
    while ((await temporaries()).length > 0) await sleep(2);
    expect(Date.now() - begun).toBeLessThan(1000);
    expect((await readdir(playhead.root)).sort()).toEqual(['.playhead', 'large']);
    const last = () => playhead.log.filter(({ context }) => context === 'Audit').at(-1);
    while (last()?.target !== 'copy') await sleep(2);
    expect(last()).toMatchObject({ action: 'copy', outcome: 'failed', reason: 'aborted' });
    expect(playhead.log.filter(({ level }) => level >= 50)).toEqual([]);
  });
});

describe('who may change entries', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead({
      anonymous: false,
      users: [
        user('ann', 'pw', '/:rwd'),
        user('reader', 'pw', '/:r,/own:rwd'),
        user('writer', 'pw', '/:rw'),
        user('halfway', 'pw', '/:rwd,/a/secret:-'),
        user('dropper', 'pw', '/:-,/drop:w'),
      ],
    });
  });
  afterAll(() => playhead.close());
  beforeEach(async () => {
    for (const name of ['a/f', 'a/secret/s', 'b/f', 'own/f', 'drop/f']) {
      await mkdir(path.join(playhead.root, path.dirname(name)), { recursive: true });
      await writeFile(path.join(playhead.root, name), name);
    }
  });
  afterEach(async () => {
    for (const name of await readdir(playhead.root))
      if (name !== '.playhead') await rm(path.join(playhead.root, name), { recursive: true });
  });

  const TABLE: [string, 'move' | 'copy', string, string, string, number][] = [
    // who, what, from, to, onConflict, status
    ['', 'move', 'a/f', 'new', 'fail', 401],
    ['', 'copy', 'a/f', 'new', 'fail', 401],
    ['ann', 'move', 'a', 'new', 'fail', 200],
    ['ann', 'copy', 'a', 'new', 'fail', 201],
    ['reader', 'move', 'a/f', 'own/g', 'fail', 403],
    ['reader', 'copy', 'a/f', 'own/g', 'fail', 201],
    ['reader', 'copy', 'own/f', 'new', 'fail', 403],
    ['reader', 'move', 'own/f', 'new', 'fail', 403],
    ['reader', 'move', 'own/f', 'own/g', 'fail', 200],
    ['reader', 'move', 'own/f', 'a/f', 'replace', 403],
    ['writer', 'move', 'a/f', 'new', 'fail', 403],
    ['writer', 'copy', 'a/f', 'new', 'fail', 201],
    ['writer', 'copy', 'a/f', 'b/f', 'replace', 403],
    ['writer', 'copy', 'a/f', 'b/f', 'rename', 201],
    ['halfway', 'move', 'a', 'new', 'fail', 404],
    ['halfway', 'copy', 'a', 'new', 'fail', 404],
    ['halfway', 'copy', 'a/secret/s', 'new', 'fail', 404],
    ['halfway', 'move', 'a/secret', 'new', 'fail', 404],
    ['halfway', 'move', 'b', 'a/secret/b', 'fail', 404],
    ['halfway', 'copy', 'b', 'A/SECRET/b', 'fail', 404],
    ['halfway', 'copy', 'a/nothing', 'a/secret/s', 'fail', 404],
    ['dropper', 'move', 'drop/f', 'drop/g', 'fail', 404],
    ['dropper', 'copy', 'drop/f', 'drop/g', 'fail', 404],
    ['dropper', 'copy', 'a/f', 'drop/g', 'fail', 404],
  ];
  it.each(TABLE)('%j may %s %s to %s (%s): %d, alone and among many', async (...row) => {
    const [name, op, from, to, onConflict, status] = row;
    const headers = { ...JSON_TYPE, ...(name !== '' && basic(name, 'pw')) };
    const before = await everythingIn(playhead.root);
    const send = (method: string, url: string, body: unknown) =>
      playhead.http.send(url, { method, headers, body: JSON.stringify(body) });
    const isAllowed = status < 300;
    if (!isAllowed) {
      const bulk = await send('POST', ENTRIES, { operations: [{ op, from, to, onConflict }] });
      if (name === '') expect(bulk.status).toBe(401);
      else expect((bulk.json.results as OperationResult[])[0]!.status).toBe(status);
      expect(await everythingIn(playhead.root)).toEqual(before);
    }
    const reply =
      op === 'move'
        ? await send('PATCH', urlOf(from), { path: to, onConflict })
        : await send('POST', urlOf(to), { copyFrom: from, onConflict });
    expect(reply.status).toBe(status);
    if (isAllowed) expect((reply.json as unknown as Entry).path).toMatch(to.replace(/f$/, ''));
    else expect(await everythingIn(playhead.root)).toEqual(before);
  });

  it('lets who only writes make folders, and who may neither write nor delete do nothing', async () => {
    const make = (name: string, to: string) =>
      playhead.http.send(urlOf(to), {
        method: 'POST',
        headers: { ...JSON_TYPE, ...basic(name, 'pw') },
        body: '{"kind":"folder"}',
      });
    expect((await make('dropper', 'drop/new')).status).toBe(201);
    expect((await make('dropper', 'new')).status).toBe(404);
    expect((await make('reader', 'new')).status).toBe(403);
  });

  it('takes nothing from pages of other sites', async () => {
    for (const [method, url] of [
      ['PATCH', urlOf('a/f')],
      ['POST', urlOf('new')],
      ['POST', ENTRIES],
      ['DELETE', '/files/a/f'],
      ['DELETE', '/api/v1/trash'],
      ['POST', `/api/v1/trash/${'0'.repeat(9)}-${'0'.repeat(32)}/restore`],
    ] as const) {
      const headers = { ...basic('ann', 'pw'), 'Sec-Fetch-Site': 'cross-site' };
      const { status, json } = await playhead.http.send(url, { method, headers });
      expect([status, json.type]).toEqual([403, '/problems/cross-site-request']);
    }
  });
});
