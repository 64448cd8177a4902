import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseRules } from '../../src/core/access/index.js';
import { objectKey } from '../../src/core/path/index.js';
import { EventPublisher } from '../../src/events/event-publisher.js';
import { STORAGE_DRIVER, type StorageDriver } from '../../src/storage/storage-driver.js';
import { EventListener, type HeardEvent } from '../support/event-listener.js';
import type { Reply } from '../support/http-client.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { readZip } from '../support/python-zip.js';
import { SAMPLES } from '../support/samples.js';
import { basic, user } from '../support/users.js';

const ALICE = basic('alice', 'pässwörd:with@/all');
const BOB = basic('bob', 'secret');

const FILES = [
  'public.txt',
  'music/song.txt',
  'private/secret.txt',
  'private/bob/diary.txt',
  'private/bob/deep/er.txt',
  'private/alice/notes.txt',
  'both/a.txt',
];

/** Everything of an answer that must not tell one file from another. */
function visible({ status, headers, text }: Reply): unknown {
  const { date: _, ...rest } = headers;
  return { status, headers: rest, body: text.replace(/urn:uuid:[\da-f-]{36}/, 'urn:uuid:any') };
}

describe('who may do what', () => {
  let playhead: Playhead;
  let scratch: string;
  beforeAll(async () => {
    playhead = await startPlayhead({
      users: [
        user('alice', 'pässwörd:with@/all', '/private/alice:rw,/music:rwd'),
        user('bob', 'secret', '/private/bob:a,/both:-'),
      ],
      rules: parseRules('/private:-'),
    });
    for (const file of FILES) {
      await mkdir(path.dirname(path.join(playhead.root, file)), { recursive: true });
      await writeFile(path.join(playhead.root, file), file);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    scratch = await makeFolder();
  });
  afterAll(async () => {
    await playhead.close();
    await rm(scratch, { recursive: true });
  });
  const get = (url: string, headers = {}) => playhead.http.get(url, headers);
  const names = async (url: string, headers = {}) => {
    const { json } = await get(`/api/v1/entries/${url}`, headers);
    return {
      names: (json.entries as { name: string }[]).map(({ name }) => name),
      totals: json.totals,
    };
  };

  it.each([
    ['public.txt', {}, 200],
    ['public.txt', ALICE, 200],
    ['private/secret.txt', {}, 401],
    ['PRIVATE/secret.txt', {}, 401],
    ['private/secret.txt', ALICE, 404],
    ['private/alice/notes.txt', {}, 401],
    ['private/alice/notes.txt', ALICE, 200],
    ['private/alice/notes.txt', BOB, 404],
    ['private/bob/deep/er.txt', ALICE, 404],
    ['private/bob/deep/er.txt', BOB, 200],
    ['both/a.txt', {}, 200],
    ['both/a.txt', ALICE, 200],
    ['both/a.txt', BOB, 404],
  ])('%s to %j is %d, as bytes, as stream, as entry and inspected', async (file, headers, status) => {
    for (const place of ['/files/', '/stream/', '/api/v1/entries/']) {
      expect((await get(`${place}${file}`, headers)).status).toBe(status);
      expect((await playhead.http.head(`${place}${file}`, headers)).status).toBe(status);
    }
    // A text is no media, which is only told to who may read it.
    expect((await get(`/api/v1/inspections/${file}`, headers)).status).toBe(status === 200 ? 422 : status);
  });

  it('answers ranges and HEAD with credentials as without', async () => {
    const range = { Range: 'bytes=0-6' };
    const part = await get('/files/private/bob/diary.txt', { ...BOB, ...range });
    expect([part.status, part.text]).toEqual([206, 'private']);
    expect((await get('/files/private/bob/diary.txt', range)).status).toBe(401);
    const { etag } = part.headers;
    expect((await get('/files/private/bob/diary.txt', { ...BOB, 'If-None-Match': etag })).status).toBe(304);
    expect((await get('/files/private/bob/diary.txt', { 'If-None-Match': etag })).status).toBe(401);
    expect((await get('/files/private/bob/diary.txt', { ...ALICE, 'If-None-Match': etag })).status).toBe(404);
  });

  it.each([
    ['to a user', ALICE, 404],
    ['to everybody', {}, 401],
  ])('what is refused %s looks the same whether it is there or not', async (_, headers, status) => {
    for (const place of ['/files/', '/stream/', '/api/v1/entries/', '/api/v1/inspections/']) {
      const replies = await Promise.all(
        [
          'private/secret.txt',
          'private/missing.txt',
          'private/bob',
          'private/bob/',
          'private/bob/diary.txt',
          'private/bob/diary.txt/child',
          'private/missing/',
        ].map((file) => get(`${place}${file}`, { ...headers, Range: 'bytes=99999-', 'If-Match': '"x"' })),
      );
      expect(replies[0]!.status).toBe(status);
      for (const reply of replies) expect(visible(reply)).toEqual(visible(replies[0]!));
      for (const hidden of ['secret', 'diary', 'listing']) expect(replies[0]!.text).not.toContain(hidden);
    }
  });

  it('what a user may not read looks like what is missing elsewhere', async () => {
    for (const place of ['/files/', '/stream/', '/api/v1/entries/', '/api/v1/inspections/']) {
      const refused = await get(`${place}private/secret.txt`, ALICE);
      const missing = await get(`${place}music/missing.txt`, ALICE);
      expect(visible(refused)).toEqual(visible(missing));
    }
  });

  it('never asks the storage about what it refuses', async () => {
    const gone = await startPlayhead({
      root: path.join(playhead.root, 'music/song.txt/no/such/root'),
      rules: parseRules('/private:-'),
      users: [user('alice', 'x', '/:r')],
    });
    try {
      expect((await gone.http.get('/files/x')).status).not.toBe(401);
      expect((await gone.http.get('/files/private/x')).status).toBe(401);
    } finally {
      await gone.close();
    }
  });

  it('lists for each what they may read, and counts only that', async () => {
    expect(await names('')).toEqual({
      names: ['both', 'music', 'public.txt'],
      totals: { folders: 2, files: 1, bytes: 10 },
    });
    expect((await names('', ALICE)).names).toEqual(['both', 'music', 'private', 'public.txt']);
    expect(await names('private', ALICE)).toEqual({
      names: ['alice'],
      totals: { folders: 1, files: 0, bytes: 0 },
    });
    expect((await names('private', BOB)).names).toEqual(['bob']);
    expect((await names('private/bob', BOB)).names).toEqual(['deep', 'diary.txt']);
    expect((await names('', BOB)).names).toEqual(['music', 'private', 'public.txt']);
    expect((await get('/api/v1/entries/private')).status).toBe(401);
    expect((await get('/api/v1/entries/private/bob', ALICE)).status).toBe(404);
  });

  it('tells of a folder on the way only that it is there', async () => {
    const { json } = await get('/api/v1/entries/private', ALICE);
    expect(json.modified).toBe('1970-01-01T00:00:00.000Z');
    const root = await get('/api/v1/entries/?sort=modified&limit=1', ALICE);
    expect(root.json.entries).toMatchObject([{ name: 'private', modified: '1970-01-01T00:00:00.000Z' }]);
    // The folder has no bytes to offer, and no hint where its listing is.
    expect((await get('/files/private', ALICE)).json).not.toHaveProperty('listing');
  });

  it('pages and searches through what may be seen, for several at once, and mixes nothing up', async () => {
    const pages = async (headers: object) => {
      const seen: string[] = [];
      let next: string | undefined = '/api/v1/entries/?limit=1';
      while (next) {
        const { json }: Reply = await get(next, headers);
        seen.push(...(json.entries as { name: string }[]).map(({ name }) => name));
        next = (json.links as Record<string, string>).next;
      }
      return seen.join();
    };
    const rounds = await Promise.all(
      Array.from({ length: 5 }, () => Promise.all([pages({}), pages(ALICE), pages(BOB)])),
    );
    for (const round of rounds)
      expect(round).toEqual([
        'both,music,public.txt',
        'both,music,private,public.txt',
        'music,private,public.txt',
      ]);
    expect(await names('private?q=bob', ALICE)).toMatchObject({ names: [], totals: { folders: 0 } });
  });

  it('keeps answers to one person out of shared caches, and leaves those to everybody in', async () => {
    const cache = async (url: string, headers = {}) => (await get(url, headers)).headers['cache-control'];
    expect(await cache('/files/public.txt')).toBe('no-cache, no-transform');
    expect(await cache('/files/public.txt', ALICE)).toBe('private, no-cache, no-transform');
    expect(await cache('/stream/private/alice/notes.txt', ALICE)).toBe('private, no-cache, no-transform');
    expect(await cache('/api/v1/entries/')).toBe('no-cache');
    expect(await cache('/api/v1/entries/', ALICE)).toBe('private, no-cache');
    expect(await cache('/files/private/x', ALICE)).toBe('no-store');
    expect(await cache('/files/private/x')).toBe('no-store');
    const { headers } = await get('/files/public.txt', ALICE);
    const again = await get('/files/public.txt', { ...ALICE, 'If-None-Match': headers.etag });
    expect([again.status, again.headers['cache-control']]).toEqual([304, 'private, no-cache, no-transform']);
  });

  it('writes each refusal into the log, with who, what and where from', async () => {
    const reply = await get('/files/private/secret.txt', ALICE);
    const id = String(reply.json.instance).slice('urn:uuid:'.length);
    expect(playhead.log.find(({ context, reqId }) => context === 'Audit' && reqId === id)).toMatchObject({
      level: 30,
      who: 'alice',
      action: 'read',
      outcome: 'refused',
      path: 'private/secret.txt',
      client: '127.0.0.1',
    });
  });

  it('puts into archives what their reader may read, and the folders that lead there', async () => {
    const archive = async (url: string, headers = {}) => {
      const { status, body } = await get(`/api/v1/archives${url}`, headers);
      expect(status).toBe(200);
      const file = path.join(scratch, 'a.zip');
      await writeFile(file, body);
      const members = await readZip(file);
      expect(members.find(({ name }) => name.endsWith('private/'))?.time ?? 0).toBe(0);
      return members.map(({ name }) => name.replace(/^files\//, '')).sort();
    };
    const open = ['', 'music/', 'music/song.txt', 'public.txt'];
    const both = ['both/', 'both/a.txt'];
    const alices = ['private/', 'private/alice/', 'private/alice/notes.txt'];
    const bobs = [
      'private/',
      'private/bob/',
      'private/bob/deep/',
      'private/bob/deep/er.txt',
      'private/bob/diary.txt',
    ];
    expect(await archive('')).toEqual([...open, ...both].sort());
    expect(await archive('', ALICE)).toEqual([...open, ...both, ...alices].sort());
    expect(await archive('', BOB)).toEqual([...open, ...bobs].sort());
    expect(await archive('/private', ALICE)).toEqual(alices);
    expect(await archive('/private?entry=alice&entry=alice/notes.txt', ALICE)).toEqual(alices.slice(1));
  });

  it('archives what may not be read as little as what is missing', async () => {
    expect((await get('/api/v1/archives/private')).status).toBe(401);
    for (const [there, missing] of [
      ['/private/bob', '/private/eve'],
      ['/private/bob/diary.txt', '/private/bob/edits.txt'],
      ['?entry=private/bob', '?entry=private/eve'],
      ['?entry=private/bob/diary.txt', '?entry=private/bob/edits.txt'],
      ['/private?entry=secret.txt', '/private?entry=hidden.txt'],
    ] as const) {
      // Names as long as each other: so are the answers.
      const [one, other] = await Promise.all(
        [there, missing].map(async (url) => {
          const reply = await get(`/api/v1/archives${url}`, ALICE);
          return visible({ ...reply, text: reply.text.replace(/bob|eve|diary|edits|secret|hidden/g, 'any') });
        }),
      );
      expect(one).toMatchObject({ status: 404 });
      expect(one).toEqual(other);
    }
  });

  it('tells each listener of what they may read, and of neither end of a move that they may not', async () => {
    const [anybody, alice, bob] = await Promise.all(
      [{}, ALICE, BOB].map((headers) => EventListener.ready(playhead.port, '', headers)),
    );
    const listeners = [anybody!, alice!, bob!];
    const publisher = playhead.app.get(EventPublisher, { strict: false });
    const files = ['private/secret2', 'private/alice/hers', 'private/bob/his', 'both/b', 'music/moved'];
    for (const file of files) await writeFile(path.join(playhead.root, file), file);
    await Promise.all(
      listeners.map((listener, index) => listener.until(({ length }) => length === [3, 4, 3][index])),
    );
    await mkdir(path.join(playhead.root, 'private/bob/new'));
    const storage = playhead.app.get<StorageDriver>(STORAGE_DRIVER, { strict: false });
    const [from, to] = [objectKey(['music', 'moved']), objectKey(['private', 'bob', 'moved'])];
    await storage.move(from, to);
    publisher.moved(from, to, await storage.stat(to));
    await writeFile(path.join(playhead.root, 'music/last'), 'last');
    const isLast = ({ data }: HeardEvent) => data.path === 'music/last';
    await Promise.all(listeners.map((listener) => listener.until((events) => events.some(isLast))));
    const told = listeners.map(({ events }) => JSON.stringify(events));
    expect(
      told.map((text) =>
        ['secret2', 'alice/hers', 'bob/his', 'bob/new', 'both/b', 'bob/moved'].filter((name) =>
          text.includes(name),
        ),
      ),
    ).toEqual([['both/b'], ['alice/hers', 'both/b'], ['bob/his', 'bob/new', 'bob/moved']]);
    for (const { events } of listeners.slice(0, 2))
      expect(events.find(({ type }) => type === 'entry-removed')?.data).toEqual({
        path: 'music/moved',
        kind: 'file',
        links: expect.anything(),
      });
    expect(bob!.events.filter(({ data }) => data.movedTo ?? data.movedFrom)).toMatchObject([
      { type: 'entry-removed', data: { path: 'music/moved', movedTo: 'private/bob/moved' } },
      { type: 'entry-created', data: { path: 'private/bob/moved', movedFrom: 'music/moved' } },
    ]);
    for (const listener of listeners) listener.close();
  });

  it('tells again what was missed to those alone who may know of it', async () => {
    const first = await EventListener.ready(playhead.port, '', ALICE);
    first.close();
    await writeFile(path.join(playhead.root, 'private/alice/missed'), '');
    await writeFile(path.join(playhead.root, 'music/missed'), '');
    const watching = await EventListener.ready(playhead.port, '', {
      ...ALICE,
      'Last-Event-ID': first.lastId,
    });
    await watching.until(
      (events) => events.filter(({ data }) => String(data.path).endsWith('missed')).length === 2,
    );
    const other = await EventListener.ready(playhead.port, '', { ...BOB, 'Last-Event-ID': first.lastId });
    expect(await other.toldIn(path.join(playhead.root, 'music'), 1)).toEqual(['created music/missed']);
    watching.close();
    other.close();
  });

  it('lets nobody listen to a folder that they may not see', async () => {
    const status = async (query: string, headers = {}) =>
      (await playhead.http.head(`/api/v1/events?path=${query}`, headers)).status;
    expect([
      await status('private'),
      await status('private/bob', ALICE),
      await status('private/eve', ALICE),
    ]).toEqual([401, 404, 404]);
    expect([await status('both', BOB), await status('private/secret.txt', ALICE)]).toEqual([404, 404]);
    expect([await status('private', ALICE), await status('private/bob', BOB)]).toEqual([200, 200]);
  });

  it('tells who has logged out no more than everybody', async () => {
    const login = await playhead.http.send('/api/v1/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'bob', password: 'secret' }),
    });
    const Cookie = login.headers['set-cookie']![0]!.split(';', 1)[0]!;
    const listener = await EventListener.ready(playhead.port, '', { Cookie });
    await writeFile(path.join(playhead.root, 'private/bob/before'), '');
    await listener.until((events) => events.some(({ data }) => data.path === 'private/bob/before'));
    const headers = { Cookie, 'Sec-Fetch-Site': 'same-origin' };
    expect((await playhead.http.send('/api/v1/session', { method: 'DELETE', headers })).status).toBe(204);
    await writeFile(path.join(playhead.root, 'private/bob/after'), '');
    await writeFile(path.join(playhead.root, 'both/after'), '');
    await listener.until((events) => events.some(({ data }) => data.path === 'both/after'));
    expect(listener.entries).not.toContain('created private/bob/after');
    listener.close();
  });

  it('serves pages that are about no file to everybody', async () => {
    for (const url of ['/docs', '/health/live', '/problems', '/openapi.yaml'])
      expect((await get(url, basic('nobody', 'wrong'))).status).toBe(200);
  });
});

describe('a server for users only', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead({ root: SAMPLES, anonymous: false, users: [user('alice', 'x', '/:r')] });
  });
  afterAll(() => playhead.close());

  it('asks everybody for a name, and tells its users all', async () => {
    for (const url of [
      '/files/documents/notes.txt',
      '/files',
      '/stream/',
      '/api/v1/entries',
      '/files/nothing',
    ]) {
      const reply = await playhead.http.get(url);
      expect([url, reply.status]).toEqual([url, 401]);
      expect(reply.headers['www-authenticate']).toBe('Basic realm="Playhead", charset="UTF-8"');
    }
    expect((await playhead.http.get('/files/documents/notes.txt', basic('alice', 'x'))).status).toBe(200);
    expect((await playhead.http.get('/files/', basic('alice', 'x'))).json).toHaveProperty('listing');
  });

  it.each([{ 'X-Requested-With': 'fetch' }, { 'Sec-Fetch-Mode': 'cors' }, { 'Sec-Fetch-Dest': 'empty' }])(
    'opens no window of the browser over a page: %j',
    async (headers) => {
      const reply = await playhead.http.get('/api/v1/entries/', headers);
      expect([reply.status, reply.headers['www-authenticate']]).toEqual([401, 'Cookie realm="Playhead"']);
      const wrong = await playhead.http.get('/api/v1/entries/', { ...headers, ...basic('alice', 'wrong') });
      expect([wrong.status, wrong.headers['www-authenticate']]).toEqual([401, 'Cookie realm="Playhead"']);
    },
  );
});

describe('a server without users', () => {
  it('looks at no credentials, and asks for none', async () => {
    const playhead = await startPlayhead({ root: SAMPLES, rules: parseRules('/video:-') });
    try {
      expect((await playhead.http.get('/files/documents/notes.txt', basic('a', 'b'))).status).toBe(200);
      const refused = await playhead.http.get('/files/video/mp4-moov-first.mp4');
      expect([refused.status, refused.headers['www-authenticate']]).toEqual([404, undefined]);
    } finally {
      await playhead.close();
    }
  });
});
