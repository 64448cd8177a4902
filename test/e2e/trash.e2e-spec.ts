import { mkdir, readdir, readFile, readlink, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { objectKey } from '../../src/core/path/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../../src/storage/storage-driver.js';
import { TrashKeeper } from '../../src/trash/trash-keeper.js';
import type { TrashEntry } from '../../src/trash/trash-entry.js';
import { EventListener } from '../support/event-listener.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { leftoversOf } from '../support/storage/leftovers.js';
import { basic, user } from '../support/users.js';

const TRASH = '/api/v1/trash';
const DAY = 86_400_000;

describe('the trash', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead({ write: true });
  });
  afterAll(() => playhead.close());
  afterEach(async () => {
    expect(await leftoversOf(playhead.root)).toEqual([]);
    await send('DELETE', TRASH);
    for (const name of await readdir(playhead.root))
      if (name !== '.playhead') await rm(at(name), { recursive: true });
  });
  const at = (name: string) => path.join(playhead.root, name);
  const send = (method: string, url: string, body?: unknown, headers = {}) =>
    playhead.http.send(url, {
      method,
      headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const put = async (name: string, text = name) => {
    await mkdir(path.dirname(at(name)), { recursive: true });
    await writeFile(at(name), text);
    // Older than the clock tick within which no tag is the same twice.
    await new Promise((resolve) => setTimeout(resolve, 25));
  };
  const discard = async (name: string) => {
    const url = `/files/${name.split('/').map(encodeURIComponent).join('/')}`;
    return (await send('DELETE', url)).json as unknown as TrashEntry;
  };
  const listed = async (query = '') =>
    (await send('GET', TRASH + query)).json as unknown as {
      entries: TrashEntry[];
      links: { next?: string };
    };

  it('takes a file, tells where it is, lists it, and gives it back', async () => {
    await put('music/夏の歌.mp3', 'song');
    const deleted = await send('DELETE', `/files/music/${encodeURIComponent('夏の歌.mp3')}`);
    expect(deleted.status).toBe(200);
    const entry = deleted.json as unknown as TrashEntry;
    expect(entry).toMatchObject({ name: '夏の歌.mp3', path: 'music/夏の歌.mp3', kind: 'audio', size: 4 });
    expect(Date.parse(entry.expires) - Date.parse(entry.deleted)).toBe(30 * DAY);
    expect(await readdir(at('music'))).toEqual([]);
    expect(await listed()).toEqual({ keeps: true, entries: [entry], links: { self: TRASH } });
    expect((await send('GET', entry.links.self)).json).toEqual(entry);
    await rm(at('music'), { recursive: true });
    const restored = await send('POST', entry.links.restore);
    expect(restored.status).toBe(201);
    expect(decodeURIComponent(restored.headers.location!)).toBe('/api/v1/entries/music/夏の歌.mp3');
    expect(restored.json).toMatchObject({ path: 'music/夏の歌.mp3', size: 4 });
    expect(await readFile(at('music/夏の歌.mp3'), 'utf8')).toBe('song');
    expect((await send('GET', entry.links.self)).status).toBe(404);
    expect((await send('POST', entry.links.restore)).status).toBe(404);
  });

  it('takes a folder whole, and gives it back elsewhere', async () => {
    await put('a/b/f');
    await put('a/.hidden');
    const { id, kind, size } = await discard('a');
    expect([kind, size]).toEqual(['folder', null]);
    const restored = await send('POST', `${TRASH}/${id}/restore`, { path: 'new/c' });
    expect(restored.json).toMatchObject({ path: 'new/c', kind: 'folder' });
    expect([await readFile(at('new/c/b/f'), 'utf8'), await readFile(at('new/c/.hidden'), 'utf8')]).toEqual([
      'a/b/f',
      'a/.hidden',
    ]);
  });

  it('leaves what has come in between, unless told', async () => {
    await put('f.txt', 'old');
    const first = await discard('f.txt');
    await put('f.txt', 'new');
    expect((await send('POST', first.links.restore)).status).toBe(409);
    expect((await send('POST', first.links.restore, { onConflict: 'rename' })).json).toMatchObject({
      path: 'f (1).txt',
    });
    const second = await discard('f (1).txt');
    const replaced = await send('POST', second.links.restore, { path: 'f.txt', onConflict: 'replace' });
    expect([replaced.status, await readFile(at('f.txt'), 'utf8')]).toEqual([200, 'old']);
  });

  it('is left out by ?permanent', async () => {
    for (const name of ['f', 'g', 'a/b/f']) await put(name);
    expect((await send('DELETE', '/files/f?permanent')).status).toBe(204);
    expect((await send('DELETE', '/files/a?permanent=true')).status).toBe(204);
    expect((await listed()).entries).toEqual([]);
    expect((await send('DELETE', '/files/g?permanent=0')).status).toBe(200);
    expect((await listed()).entries).toHaveLength(1);
  });

  it('holds If-Match', async () => {
    await put('f', 'old');
    const { etag } = (await playhead.http.head('/files/f')).headers;
    await put('f', 'newer');
    const late = await send('DELETE', '/files/f', undefined, { 'If-Match': etag });
    expect([late.status, await readFile(at('f'), 'utf8')]).toEqual([412, 'newer']);
    const now = (await playhead.http.head('/files/f')).headers.etag;
    const permanent = await send('DELETE', '/files/f?permanent', undefined, { 'If-Match': `"x", ${now}` });
    expect(permanent.status).toBe(204);
    await mkdir(at('a'));
    expect((await send('DELETE', '/files/a', undefined, { 'If-Match': '*' })).status).toBe(412);
  });

  it.each([
    ['/files/nothing', 404],
    ['/files/f/', 404],
    ['/files/f/g', 404],
    ['/files/.hidden', 404],
    ['/files/.playhead', 404],
    ['/files/.playhead/trash', 404],
    ['/files/a/.playhead-trash', 404],
    ['/files/%2e%2e/x', 400],
    ['/files/a%2F..%2F..', 400],
    ['/files/a%00', 400],
    ['/files', 403],
    ['/files/', 403],
  ])('does not take %s: %d', async (url, status) => {
    await put('f');
    await put('.hidden');
    const before = (await readdir(playhead.root)).sort();
    const reply = await send('DELETE', url);
    expect(reply.status).toBe(status);
    if (status === 403) expect(reply.json.detail).toMatch(/served folder itself/);
    expect((await readdir(playhead.root)).sort()).toEqual(before);
    expect((await send('DELETE', '/files/f?permanent')).status).toBe(204);
  });

  it('takes a link, not what it leads to', async () => {
    await put('a/f');
    await symlink('a/f', at('link'));
    await symlink('a', at('folder'));
    await symlink('/etc/passwd', at('out'));
    const link = await discard('link');
    expect((await discard('folder')).kind).toBe('folder');
    expect((await send('DELETE', '/files/out')).status).toBe(404);
    expect(await readdir(at('a'))).toEqual(['f']);
    expect((await send('POST', link.links.restore, { path: 'a/link' })).status).toBe(403);
    expect((await send('POST', link.links.restore)).status).toBe(201);
    expect(await readlink(at('link'))).toBe('a/f');
  });

  it('lists in pages, the latest first, whatever goes in between', async () => {
    for (let number = 0; number < 5; number++) await writeFile(at(String(number)), '');
    for (let number = 0; number < 5; number++) await discard(String(number));
    const first = await listed('?limit=2');
    expect(first.entries.map(({ name }) => name)).toEqual(['4', '3']);
    await send('DELETE', first.entries[1]!.links.self);
    const second = (await send('GET', first.links.next!)).json as unknown as typeof first;
    expect(second.entries.map(({ name }) => name)).toEqual(['2', '1']);
    const third = (await send('GET', second.links.next!)).json as unknown as typeof first;
    expect(third.entries.map(({ name }) => name)).toEqual(['0']);
    expect(third.links.next).toBeUndefined();
    expect((await send('DELETE', TRASH)).json).toEqual({ removed: 4 });
    expect((await listed()).entries).toEqual([]);
    expect((await readdir(at('.playhead/trash'))).sort()).toEqual([]);
  });

  it.each(['?limit=0', '?limit=1001', '?limit=x', '?cursor=x', '?cursor=../../etc', '?other=1'])(
    'refuses %s',
    async (query) => {
      expect((await send('GET', TRASH + query)).status).toBe(400);
    },
  );

  it.each([
    ['text', 400],
    [[], 400],
    [{ path: '../x' }, 400],
    [{ path: '/x' }, 400],
    [{ path: 'a/' }, 400],
    [{ path: 'a\0' }, 400],
    [{ path: '\ud800' }, 400],
    [{ path: 7 }, 400],
    [{ path: 'x', onConflict: 'destroy' }, 400],
    [{ other: 1 }, 400],
    [{ path: '' }, 409],
    [{ path: '.hidden' }, 400],
    [{ path: '.playhead/tmp/x' }, 400],
    [{ path: 'sub/.playhead-trash/x' }, 400],
  ])('restores nothing to %j: %d', async (body, status) => {
    await put('f');
    const { links } = await discard('f');
    expect((await send('POST', links.restore, body)).status).toBe(status);
    expect((await listed()).entries).toHaveLength(1);
    expect(await readdir(playhead.root)).toEqual(['.playhead']);
  });

  it.each(['x', '..%2F..', `${'0'.repeat(9)}-${'0'.repeat(32)}`])(
    'knows nothing of the id %s',
    async (id) => {
      expect((await send('GET', `${TRASH}/${id}`)).status).toBe(404);
      expect((await send('DELETE', `${TRASH}/${id}`)).status).toBe(404);
      expect((await send('POST', `${TRASH}/${id}/restore`)).status).toBe(404);
    },
  );

  it('tells of what goes and comes, and writes it into the log', async () => {
    await put('f');
    const events = await EventListener.ready(playhead.port);
    const { links } = await discard('f');
    await send('POST', links.restore, { path: 'g' });
    await send('DELETE', (await discard('g')).links.self);
    await events.until(() => events.entries.length >= 3);
    expect(events.entries).toEqual(['removed f', 'created g', 'removed g']);
    events.close();
    const lines = playhead.log.filter(({ context }) => context === 'Audit').slice(-4);
    expect(lines).toMatchObject([
      { action: 'discard', path: 'f', outcome: 'done' },
      { action: 'restore', path: 'f', target: 'g', outcome: 'done' },
      { action: 'discard', path: 'g', outcome: 'done' },
      { action: 'purge', path: 'g', outcome: 'done' },
    ]);
  });
});

describe('how long things are in the trash', () => {
  const age = async (root: string, days: number) => {
    const folder = path.join(root, '.playhead/trash');
    for (const name of await readdir(folder)) {
      if (!name.endsWith('.json')) continue;
      const record = JSON.parse(await readFile(path.join(folder, name), 'utf8')) as { discardedAt: number };
      record.discardedAt -= days * DAY;
      await writeFile(path.join(folder, name), JSON.stringify(record));
    }
  };
  const untilEmpty = async (root: string) => {
    while ((await readdir(path.join(root, '.playhead/trash'))).length > 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('is said by the settings, and held at start and later', async () => {
    const first = await startPlayhead({ write: true, trashRetention: 2 * 86_400 });
    const { root } = first;
    for (const name of ['old', 'new']) await writeFile(path.join(root, name), name);
    await first.http.send('/files/old', { method: 'DELETE' });
    await age(root, 3);
    await first.http.send('/files/new', { method: 'DELETE' });
    const second = await startPlayhead({ root, write: true, trashRetention: 2 * 86_400 });
    const names = async () =>
      ((await second.http.get(TRASH)).json.entries as TrashEntry[]).map(({ name }) => name);
    while ((await names()).length > 1) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await names()).toEqual(['new']);
    expect(await second.app.get(TrashKeeper, { strict: false }).clean(Date.now() + DAY)).toBe(0);
    expect(await second.app.get(TrashKeeper, { strict: false }).clean(Date.now() + 3 * DAY)).toBe(1);
    await second.close();
    await first.close();
  });

  it('is not at all with 0: what is deleted is gone, and what was there goes', async () => {
    const first = await startPlayhead({ write: true });
    const { root } = first;
    for (const name of ['f', 'g']) await writeFile(path.join(root, name), name);
    await first.http.send('/files/f', { method: 'DELETE' });
    const second = await startPlayhead({ root, write: true, trashRetention: 0 });
    await untilEmpty(root);
    expect((await second.http.get(TRASH)).json).toMatchObject({ keeps: false, entries: [] });
    expect((await second.http.send('/files/g', { method: 'DELETE' })).status).toBe(204);
    expect(await readdir(path.join(root, '.playhead/trash'))).toEqual([]);
    await second.close();
    await first.close();
  });

  it('has no routes, and touches nothing, where nobody may write', async () => {
    const playhead = await startPlayhead();
    await writeFile(path.join(playhead.root, 'f'), 'f');
    await utimes(playhead.root, 1, 1);
    expect((await playhead.http.send('/files/f', { method: 'DELETE' })).status).toBe(405);
    expect((await playhead.http.get(TRASH)).status).toBe(404);
    expect(await readdir(playhead.root)).toEqual(['f']);
    await playhead.close();
  });
});

describe('who may do what with the trash', () => {
  const USERS = {
    ann: '/:rwd',
    // May read everything, and change nothing but her own folder.
    eve: '/:r,/eve:rwd',
    // May not read what is secret.
    bob: '/:rwd,/shared/secret:-',
    // Brings back, and deletes nothing.
    wil: '/:rw',
    // Throws away unseen.
    del: '/:-,/drop:d',
  };
  let playhead: Playhead;
  let storage: StorageDriver;
  beforeAll(async () => {
    playhead = await startPlayhead({
      anonymous: false,
      users: Object.entries(USERS).map(([name, rules]) => user(name, 'pw', rules)),
    });
    storage = playhead.app.get<StorageDriver>(STORAGE_DRIVER, { strict: false });
  });
  afterAll(() => playhead.close());
  const at = (name: string) => path.join(playhead.root, name);
  const as = (name: string, method: string, url: string, body?: unknown) =>
    playhead.http.send(url, {
      method,
      headers: {
        ...(name !== '' && basic(name, 'pw')),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const throwAway = async (name: string) => {
    const { id } = await storage.discard(objectKey(name.split('/')), { by: 'ann' });
    return id;
  };

  beforeEach(async () => {
    for (const name of ['shared/f', 'shared/secret/s', 'eve/f', 'drop/f']) {
      await mkdir(path.dirname(at(name)), { recursive: true });
      await writeFile(at(name), name);
    }
  });
  afterEach(async () => {
    for await (const { id } of storage.discarded()) await storage.purge(id);
    for (const name of await readdir(playhead.root))
      if (name !== '.playhead') await rm(at(name), { recursive: true });
  });

  it.each([
    ['', 'shared/f', 401],
    ['eve', 'shared/f', 403],
    ['eve', 'eve/f', 200],
    ['bob', 'shared/f', 200],
    ['bob', 'shared', 403],
    ['bob', 'shared/secret/s', 404],
    ['wil', 'shared/f', 403],
    ['del', 'drop/f', 204],
    ['del', 'shared/f', 404],
    ['ann', 'shared', 200],
  ])('%j deletes %s: %d', async (name, file, status) => {
    expect((await as(name, 'DELETE', `/files/${file}`)).status).toBe(status);
    const isGone = status < 300;
    expect(await readFile(at('shared/f'), 'utf8').catch(() => undefined)).toBe(
      isGone && file.startsWith('shared') ? undefined : 'shared/f',
    );
  });

  it('lists to each what they may read, and the names of others only to who has one', async () => {
    for (const name of ['shared/f', 'shared/secret', 'eve/f', 'drop/f']) await throwAway(name);
    const seen = async (name: string) =>
      ((await as(name, 'GET', TRASH)).json.entries as TrashEntry[]).map((entry) => entry.path).sort();
    expect(await seen('ann')).toEqual(['drop/f', 'eve/f', 'shared/f', 'shared/secret']);
    expect(await seen('bob')).toEqual(['drop/f', 'eve/f', 'shared/f']);
    expect((await as('del', 'GET', TRASH)).status).toBe(404);
    expect((await as('', 'GET', TRASH)).status).toBe(401);
    const [entry] = (await as('ann', 'GET', TRASH)).json.entries as TrashEntry[];
    expect(entry!.deletedBy).toBe('ann');
  });

  it.each([
    // who, what was deleted, where to, status
    ['ann', 'shared', undefined, 201],
    ['ann', 'shared', 'elsewhere', 201],
    ['bob', 'shared/f', undefined, 201],
    ['bob', 'shared/f', 'g', 201],
    // A folder with something in it that he may neither read nor write.
    ['bob', 'shared', undefined, 403],
    ['bob', 'shared', 'elsewhere', 404],
    ['bob', 'shared/secret', 'open', 404],
    ['bob', 'shared/f', 'shared/secret/f', 404],
    ['eve', 'shared/f', undefined, 403],
    // She may read it, and not take it away.
    ['eve', 'shared/f', 'eve/g', 403],
    ['eve', 'eve/f', 'eve/g', 201],
    ['eve', 'eve/f', 'shared/g', 403],
    ['wil', 'shared/f', undefined, 201],
    ['wil', 'shared/f', 'g', 403],
    ['', 'shared/f', undefined, 401],
    ['del', 'drop/f', undefined, 404],
  ])('%j restores %s to %s: %d', async (name, file, to, status) => {
    const id = await throwAway(file);
    const reply = await as(name, 'POST', `${TRASH}/${id}/restore`, to === undefined ? {} : { path: to });
    expect(reply.status).toBe(status);
    const left = [];
    for await (const { key } of storage.discarded()) left.push(key);
    expect(left).toEqual(status === 201 ? [] : [file]);
  });

  it('is no way around a rule by the next free name', async () => {
    const id = await throwAway('shared');
    await mkdir(at('shared'));
    const reply = await as('bob', 'POST', `${TRASH}/${id}/restore`, { onConflict: 'rename' });
    expect(reply.status).toBe(404);
    expect((await readdir(playhead.root)).sort()).toEqual(['.playhead', 'drop', 'eve', 'shared']);
  });

  it('replaces only for who may delete', async () => {
    const id = await throwAway('shared/f');
    await writeFile(at('shared/f'), 'new');
    const restore = (name: string) => as(name, 'POST', `${TRASH}/${id}/restore`, { onConflict: 'replace' });
    expect((await restore('wil')).status).toBe(403);
    expect(await readFile(at('shared/f'), 'utf8')).toBe('new');
    expect((await restore('ann')).status).toBe(200);
    expect(await readFile(at('shared/f'), 'utf8')).toBe('shared/f');
  });

  it('is emptied as far as one may', async () => {
    for (const name of ['shared/f', 'shared/secret', 'eve/f']) await throwAway(name);
    expect((await as('wil', 'DELETE', TRASH)).status).toBe(403);
    expect((await as('eve', 'DELETE', TRASH)).json).toEqual({ removed: 1 });
    const [first] = (await as('ann', 'GET', TRASH)).json.entries as TrashEntry[];
    expect((await as('bob', 'DELETE', `${TRASH}/${first!.id}`)).status).toBe(404);
    expect((await as('wil', 'DELETE', `${TRASH}/${first!.id}`)).status).toBe(403);
    expect((await as('bob', 'DELETE', TRASH)).json).toEqual({ removed: 1 });
    expect((await as('ann', 'DELETE', `${TRASH}/${first!.id}`)).status).toBe(204);
    expect((await as('ann', 'GET', TRASH)).json.entries).toEqual([]);
  });
});
