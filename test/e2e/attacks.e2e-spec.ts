import { mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseRules } from '../../src/core/access/index.js';
import type { Reply, SendOptions } from '../support/http-client.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { leftoversOf } from '../support/storage/leftovers.js';
import { basic, user } from '../support/users.js';

const ALICE = basic('alice', 'right');
const SECRET = 'what nobody may read';
const VERSION = { 'Tus-Resumable': '1.0.0' };
const BOUNDARY = 'b';
const SWAPPER = path.join(import.meta.dirname, '../support/storage/swapper.mjs');

/** Everything below a folder, with what is in it, but for what the server keeps. */
async function everythingIn(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const full = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, full);
    if (/^(?:root\/)?\.playhead(?:\/|$)/.test(name)) continue;
    if (entry.isSymbolicLink()) found[name] = `-> ${await readlink(full)}`;
    else found[name] = entry.isFile() ? await readFile(full, 'utf8') : '/';
  }
  return found;
}

let base: string;
let playhead: Playhead;
const at = (name: string) => path.join(base, 'root', name);
beforeAll(async () => {
  base = await makeFolder();
  await mkdir(at(''));
  await mkdir(path.join(base, 'outside'));
  await writeFile(path.join(base, 'outside/secret.txt'), SECRET);
  playhead = await startPlayhead({
    root: at(''),
    users: [user('alice', 'right', '/:rwd')],
    maxUploadSize: 1_000_000,
  });
});
afterAll(async () => {
  await playhead.close();
  await rm(base, { recursive: true });
});
beforeEach(async () => {
  for (const name of await readdir(at(''))) if (name !== '.playhead') await rm(at(name), { recursive: true });
  await mkdir(at('d'));
  await mkdir(at('.hidden'));
  await writeFile(at('.hidden/h'), 'hidden');
  await writeFile(at('f'), 'mine');
  await symlink('../outside', at('out'));
  await symlink('../outside/secret.txt', at('outfile'));
});

const send = (url: string, options: SendOptions) =>
  playhead.http.send(url, { ...options, headers: { ...ALICE, ...options.headers } });
const sendJson = (method: string, url: string, body: unknown) =>
  send(url, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
const form = (name: string) =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="${name.replace(/["\\]/g, '\\$&')}"\r\n\r\nevil\r\n--${BOUNDARY}--`;
const post = (url: string, body: string) =>
  send(url, {
    method: 'POST',
    headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` },
    body,
  });
const upload = (pairs: Readonly<Record<string, string>>) =>
  send('/api/v1/uploads', {
    method: 'POST',
    headers: {
      ...VERSION,
      'Upload-Length': 4,
      'Content-Type': 'application/offset+octet-stream',
      'Upload-Metadata': Object.entries(pairs)
        .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
        .join(),
    },
    body: 'evil',
  });
const bulk = (operation: object) => sendJson('POST', '/api/v1/entries', { operations: [operation] });

/** The status of what was asked for: of each file and operation, where there are several. */
function statusOf(reply: Reply): number {
  const { status, text } = reply;
  if (!text.startsWith('{')) return status;
  const { files, results } = reply.json as {
    files?: { problem?: { status: number } }[];
    results?: { status: number }[];
  };
  return files?.[0]?.problem?.status ?? results?.[0]?.status ?? status;
}

/** Ways to name where something is written, or what is moved, copied, deleted or shared: in a URL. */
const URLS: Readonly<Record<string, (raw: string) => Promise<Reply>>> = {
  PUT: (raw) => send(`/files/${raw}`, { method: 'PUT', body: 'evil' }),
  'POST of a form to a folder': (raw) => post(`/files/${raw}`, form('new')),
  DELETE: (raw) => send(`/files/${raw}`, { method: 'DELETE' }),
  'DELETE for good': (raw) => send(`/files/${raw}?permanent`, { method: 'DELETE' }),
  'PATCH of an entry': (raw) => sendJson('PATCH', `/api/v1/entries/${raw}`, { path: 'new' }),
  'POST of a copy': (raw) => sendJson('POST', `/api/v1/entries/${raw}`, { copyFrom: 'f' }),
  'POST of a folder': (raw) => sendJson('POST', `/api/v1/entries/${raw}`, { kind: 'folder' }),
};

/** The same in a body or a field. */
const TEXTS: Readonly<Record<string, (name: string) => Promise<Reply>>> = {
  'a file name of a form': (name) => post('/files/', form(name)),
  'path of an upload': (name) => upload({ path: name }),
  'filename of an upload': (name) => upload({ filename: name }),
  'folder of an upload': (name) => upload({ filename: 'new', folder: name }),
  'the new path of an entry': (name) => sendJson('PATCH', '/api/v1/entries/f', { path: name }),
  'copyFrom of an entry': (name) => sendJson('POST', '/api/v1/entries/new', { copyFrom: name }),
  'where something goes from the trash': async (name) => {
    await writeFile(at('deleted'), 'mine');
    const { json } = await send('/files/deleted', { method: 'DELETE' });
    return sendJson('POST', `/api/v1/trash/${String(json.id)}/restore`, { path: name });
  },
  'move to, among many': (name) => bulk({ op: 'move', from: 'f', to: name }),
  'move from, among many': (name) => bulk({ op: 'move', from: name, to: 'new' }),
  'copy to, among many': (name) => bulk({ op: 'copy', from: 'f', to: name }),
  'copy from, among many': (name) => bulk({ op: 'copy', from: name, to: 'new' }),
  'a folder, among many': (name) => bulk({ op: 'makeFolder', path: name }),
  'delete, among many': (name) => bulk({ op: 'delete', path: name }),
  'delete for good, among many': (name) => bulk({ op: 'delete', path: name, permanent: true }),
  'an optimization': (name) => sendJson('POST', '/api/v1/optimizations', { path: name }),
  'a link': (name) => sendJson('POST', '/api/v1/links', { path: name }),
};

const LONG = 'x'.repeat(256);
const TARGETS = [
  './evil',
  'd//evil',
  LONG,
  `d/${LONG}/evil`,
  '.evil',
  '.hidden/evil',
  '.hidden/h',
  '.playhead/tmp/evil',
  '.playhead/links/key',
  'd/.playhead/evil',
  '.playhead-trash/evil',
  'd/.playhead-write-0-1-1-0-1.tmp',
  'out/evil',
  'out/evil/evil',
  'out/secret.txt',
];
/** As they stand in a URL. */
const RAW = [
  ...TARGETS,
  '..',
  '../evil',
  '%2e%2e/evil',
  '%2E%2E/outside/evil',
  '%2e%2e%2foutside%2fevil',
  '..%2Fevil',
  'd/..%2f..%2foutside%2fsecret.txt',
  'd/%2e%2e/%2e%2e/outside/secret.txt',
  '/etc/evil',
  '%2fetc%2fevil',
  'evil%00',
  'd%00/evil',
  '%c0%ae%c0%ae/evil',
  '%ff',
  '%',
];
const NAMES = [
  ...TARGETS,
  '..',
  '../evil',
  '../outside/evil',
  'd/../../outside/secret.txt',

  '//etc/evil',
  'evil\0',
  'd\0/evil',
];

describe('a path that leads elsewhere', () => {
  const table = [
    ...Object.entries(URLS).map((way) => [...way, RAW] as const),
    ...Object.entries(TEXTS).map((way) => [...way, NAMES] as const),
  ];
  it.each(table)('is refused as what is to be written: %s', async (_, ask, names) => {
    const before = await everythingIn(base);
    for (const name of names) {
      const reply = await ask(name);
      const status = statusOf(reply);
      expect({ name, status, isRefused: status >= 400 && status < 500 }).toMatchObject({ isRefused: true });
      expect(reply.text).not.toContain(SECRET);
      expect(reply.text).not.toContain(base);
    }
    expect(await everythingIn(base)).toEqual(before);
    expect(await leftoversOf(at(''))).toEqual([]);
  });

  it('stays a name where it only looks like a path elsewhere', async () => {
    const names = [
      '..\\evil',
      '%2e%2e%2fevil',
      '...',
      'C:evil',
      '\uff0e\uff0e\uff0fevil',
      '-rf',
      '~',
      '$(id)',
    ];
    const visible = names.filter((name) => !name.startsWith('.'));
    for (const name of visible) {
      expect((await URLS.PUT!(encodeURIComponent(name))).status).toBe(201);
      expect((await TEXTS['path of an upload']!(`d/${name}`)).status).toBe(201);
    }
    expect((await readdir(at(''))).sort()).toEqual(
      [...visible, 'd', 'f', 'out', 'outfile', '.hidden', '.playhead'].sort(),
    );
    expect((await readdir(at('d'))).sort()).toEqual(visible.sort());
    // A leading slash is that of the served folder.
    expect((await TEXTS['path of an upload']!('/etc/evil')).status).toBe(201);
    expect(await readFile(at('etc/evil'), 'utf8')).toBe('evil');
  });

  it('is not followed by replacing a link out of the root', async () => {
    const before = await everythingIn(base);
    for (const ask of [
      URLS.PUT!('outfile'),
      post('/files/?onConflict=replace', form('outfile')),
      upload({ path: 'outfile', onConflict: 'replace' }),
      sendJson('PATCH', '/api/v1/entries/f', { path: 'outfile', onConflict: 'replace' }),
      sendJson('POST', '/api/v1/entries/outfile', { copyFrom: 'f', onConflict: 'replace' }),
      bulk({ op: 'copy', from: 'outfile', to: 'new' }),
      URLS.DELETE!('outfile'),
      URLS.DELETE!('out'),
    ])
      expect(statusOf(await ask)).toBeGreaterThanOrEqual(400);
    expect(await everythingIn(base)).toEqual(before);
  });
});

describe('a link in a folder', () => {
  it('is turned to nothing that may not be read by moving, copying or restoring the folder', async () => {
    const bob = basic('bob', 'builder');
    const server = await startPlayhead({
      users: [user('bob', 'builder', '/pub:rwd')],
      rules: parseRules('/secret:-'),
    });
    const put = (name: string, text: string) => writeFile(path.join(server.root, name), text);
    const ask = (method: string, url: string, body?: object) =>
      server.http.send(url, {
        method,
        headers: { ...bob, 'Content-Type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
    try {
      for (const folder of ['pub/a/b', 'pub/secret', 'secret', 'pub/other'])
        await mkdir(path.join(server.root, folder), { recursive: true });
      await put('secret/file', SECRET);
      await put('pub/a/b/file', 'mine');
      await symlink('../../secret', path.join(server.root, 'pub/a/b/x'));
      await symlink('file', path.join(server.root, 'pub/other/inside'));
      await put('pub/other/file', 'mine');
      expect((await ask('POST', '/api/v1/entries/pub/c', { copyFrom: 'pub/a/b' })).status).toBe(403);
      expect((await ask('PATCH', '/api/v1/entries/pub/a/b', { path: 'pub/c' })).status).toBe(403);
      const { json } = await ask('DELETE', '/files/pub/a/b');
      const restore = `/api/v1/trash/${String(json.id)}/restore`;
      expect((await ask('POST', restore, { path: 'pub/c' })).status).toBe(403);
      expect((await ask('GET', '/files/pub/c/x/file')).status).toBe(404);
      expect((await ask('POST', restore, { path: 'pub/a/renamed' })).status).toBe(201);
      expect((await ask('GET', '/files/pub/a/renamed/file')).text).toBe('mine');
      // What leads within the folder goes with it.
      expect((await ask('PATCH', '/api/v1/entries/pub/other', { path: 'pub/a/other' })).status).toBe(200);
      expect((await ask('GET', '/files/pub/a/other/inside')).text).toBe('mine');
    } finally {
      await server.close();
    }
  });
});

describe('folders in folders without end', () => {
  const deep = (folders: number) => 'x/'.repeat(folders);

  it('are not made by one request', async () => {
    const before = await everythingIn(base);
    for (const ask of [...Object.values(TEXTS), URLS.PUT!]) {
      const status = statusOf(await ask(`${deep(300)}evil`));
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
    expect(await everythingIn(base)).toEqual(before);
  });

  it('can be deleted when they lie deeper than any path leads', async () => {
    const name = 'y'.repeat(200);
    const chain = `${name}/`.repeat(17).slice(0, -1);
    for (const permanent of [true, false]) {
      await bulk({ op: 'makeFolder', path: `a/${chain}` });
      await bulk({ op: 'makeFolder', path: `b/${chain}` });
      expect(statusOf(await bulk({ op: 'move', from: 'a', to: `b/${chain}/a` }))).toBe(200);
      expect(statusOf(await bulk({ op: 'delete', path: 'b', permanent }))).toBeLessThan(300);
    }
    expect((await send('/api/v1/trash', { method: 'DELETE' })).status).toBe(200);
    expect(await leftoversOf(at(''))).toEqual([]);
    expect(await readdir(at('.playhead/trash'))).toEqual([]);
  });
});

describe('a folder that is swapped for a link out of the root, over and over', () => {
  let swapper: ChildProcess;
  beforeEach(async () => {
    await mkdir(at('sub'));
    await symlink('../outside', at('door'));
    swapper = spawn(process.execPath, [SWAPPER, at('')], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(swapper.stdout!, 'data');
  });
  const stop = async () => {
    swapper.kill('SIGKILL');
    await once(swapper, 'close');
  };

  it('takes nothing out, and gives nothing away', async () => {
    const before = await everythingIn(path.join(base, 'outside'));
    const counts = new Map<string, number>();
    const end = Date.now() + 2000;
    const repeat = async (name: string, ask: (round: number) => Promise<Reply>) => {
      for (let round = 0; Date.now() < end; round++) {
        const reply = await ask(round);
        const status = statusOf(reply);
        expect(reply.text).not.toContain(SECRET);
        // Of a file that vanishes while it is archived, the archive is broken off.
        if (name !== 'archive') expect([name, status < 500]).toEqual([name, true]);
        if (status < 300) counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    };
    try {
      await Promise.all([
        repeat('put', (n) => URLS.PUT!(`sub/put-${n}`)),
        repeat('replace', () => URLS.PUT!('sub/secret.txt')),
        repeat('form', (n) => post('/files/sub/', form(`form-${n}`))),
        repeat('tus', (n) => upload({ path: `sub/tus-${n}` })),
        repeat('folder', (n) => bulk({ op: 'makeFolder', path: `sub/deep-${n}/er` })),
        repeat('copy', (n) => bulk({ op: 'copy', from: 'f', to: `sub/copy-${n}` })),
        repeat('copy out', (n) => bulk({ op: 'copy', from: 'sub/secret.txt', to: `copied-${n}` })),
        repeat('move out', (n) => bulk({ op: 'move', from: 'sub/secret.txt', to: `moved-${n}` })),
        repeat('move', async (n) => {
          await URLS.PUT!(`from-${n}`);
          return bulk({ op: 'move', from: `from-${n}`, to: `sub/moved-${n}` });
        }),
        repeat('restore', async (n) => {
          await URLS.PUT!(`gone-${n}`);
          const { json } = await send(`/files/gone-${n}`, { method: 'DELETE' });
          return sendJson('POST', `/api/v1/trash/${String(json.id)}/restore`, { path: `sub/back-${n}` });
        }),
        repeat('delete', () => URLS['DELETE for good']!('sub/secret.txt')),
        repeat('discard', () => URLS.DELETE!('sub/secret.txt')),
        repeat('optimize', () => TEXTS['an optimization']!('sub/secret.txt')),
        repeat('get', () => send('/files/sub/secret.txt', {})),
        repeat('list', () => send('/api/v1/entries/sub', {})),
        repeat('archive', () => send('/api/v1/archives/sub', {})),
      ]);
    } finally {
      await stop();
    }
    expect(await everythingIn(path.join(base, 'outside'))).toEqual(before);
    for (const text of Object.values(await everythingIn(at('')))) expect(text).not.toBe(SECRET);
    // It was really tried.
    for (const name of ['put', 'form', 'tus', 'get'])
      expect([name, counts.get(name)]).toEqual([name, expect.any(Number)]);
    expect(await leftoversOf(at(''))).toEqual([]);
  });
});
