import { cp, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AppConfig } from '../../src/config/app-config.js';
import { LinkKeys } from '../../src/core/link/index.js';
import type { ObjectKey } from '../../src/core/path/index.js';
import { parseRules } from '../../src/core/access/index.js';
import type { Reply } from '../support/http-client.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { exchange, get as rawGet } from '../support/raw-socket.js';
import { SAMPLES } from '../support/samples.js';
import { basic, user } from '../support/users.js';

const ALICE = basic('alice', 'right');
const BOB = basic('bob', 'builder');
const ROOT = basic('root', 'toor');
const SECRET = 'an old secret of thirty-two letters';
const FILM = 'closed/alice/film.mp4';

interface Link {
  readonly id: string;
  readonly url: string;
  readonly prefix: string;
  readonly maker: string;
  readonly expires: string;
}

const settings: Partial<AppConfig> = {
  users: [
    user('alice', 'right', '/closed/alice:rw'),
    user('bob', 'builder', '/closed:r,/closed/alice/secret:-'),
    user('root', 'toor', '/:a'),
  ],
  rules: parseRules('/closed:-'),
};

let root: string;
let playhead: Playhead;
const running = new Set<Playhead>();
async function start(changes: Partial<AppConfig>): Promise<Playhead> {
  const server = await startPlayhead(changes);
  running.add(server);
  return server;
}
async function stop(server: Playhead): Promise<void> {
  running.delete(server);
  await server.close();
}
beforeAll(async () => {
  root = await makeFolder();
  await mkdir(path.join(root, 'closed/alice/secret'), { recursive: true });
  await mkdir(path.join(root, 'closed/bob'));
  await cp(path.join(SAMPLES, 'video/mp4-moov-last.mp4'), path.join(root, FILM));
  await writeFile(path.join(root, 'closed/alice/index.m3u8'), '#EXTM3U\n#EXTINF:1,\nsecret/segment.ts\n');
  await writeFile(path.join(root, 'closed/alice/secret/segment.ts'), 'segment');
  await writeFile(path.join(root, 'closed/alice/.hidden'), 'hidden');
  await writeFile(path.join(root, 'closed/alice/page.html'), '<a href="https://elsewhere.example">x</a>');
  await writeFile(path.join(root, 'closed/bob/diary.txt'), 'private');
  await writeFile(path.join(root, 'open.txt'), 'open');
  playhead = await start({ root, ...settings });
});
afterAll(async () => {
  for (const server of running) await stop(server);
  await rm(root, { recursive: true });
});

function request(body: unknown, who: object = ALICE, server = playhead): Promise<Reply> {
  const headers = { ...who, 'Content-Type': 'application/json' };
  return server.http.send('/api/v1/links', { method: 'POST', headers, body: JSON.stringify(body) });
}

async function make(body: unknown, who: object = ALICE, server = playhead): Promise<Link> {
  const reply = await request(body, who, server);
  expect(reply.status).toBe(201);
  return reply.json as unknown as Link;
}

/** The path of a URL, as it is sent. */
function pathOf({ url }: Link): string {
  return url.slice(new URL(url).origin.length);
}

async function problemOf(target: string, server = playhead): Promise<string> {
  const { status, json, headers } = await server.http.get(target);
  expect(status).toBe(403);
  expect(headers['referrer-policy']).toBe('no-referrer');
  return String(json.type).replace('/problems/', '');
}

describe('a link to a file', () => {
  it('opens it to who has not logged in, as it is to who has', async () => {
    const link = await make({ path: FILM });
    expect(new URL(link.url).origin).toBe(playhead.url);
    const direct = await playhead.http.get(`/files/${FILM}`, ALICE);
    const { status, headers, body } = await playhead.http.get(pathOf(link));
    expect((await playhead.http.get(`/files/${FILM}`)).status).toBe(401);
    expect(status).toBe(200);
    expect(body.equals(direct.body)).toBe(true);
    expect(headers.etag).toBe(direct.headers.etag);
    expect(headers['cache-control']).toBe('private, no-cache, no-transform');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['content-disposition']).toBeUndefined();
  });

  it('takes ranges, conditions and HEAD', async () => {
    const target = pathOf(await make({ path: FILM }));
    const stored = await readFile(path.join(root, FILM));
    const { headers } = await playhead.http.head(target);
    const [etag, size] = [headers.etag!, Number(headers['content-length'])];
    expect(size).toBe(stored.length);
    const part = await playhead.http.get(target, { Range: 'bytes=0-1', 'If-Range': etag });
    expect([part.status, part.headers['content-range'], part.body]).toEqual([
      206,
      `bytes 0-1/${size}`,
      stored.subarray(0, 2),
    ]);
    const whole = await playhead.http.get(target, { Range: 'bytes=0-1', 'If-Range': '"other"' });
    expect(whole.status).toBe(200);
    const unchanged = await playhead.http.get(target, { 'If-None-Match': etag });
    expect([unchanged.status, unchanged.headers['referrer-policy']]).toEqual([304, 'no-referrer']);
    expect((await playhead.http.get(target, { 'If-Match': '"other"' })).status).toBe(412);
    expect((await playhead.http.get(target, { Range: `bytes=${size}-` })).status).toBe(416);
  });

  it('plays it, repaired, from where a player likes', async () => {
    const link = await make({ path: FILM, use: 'stream' });
    expect(pathOf(link)).toBe(`${link.prefix}/stream/${FILM}`);
    const direct = await playhead.http.get(`/stream/${FILM}`, ALICE);
    const linked = await playhead.http.get(pathOf(link));
    expect(linked.body.equals(direct.body)).toBe(true);
    expect(linked.body.indexOf('moov')).toBeLessThan(linked.body.indexOf('mdat'));
    const tail = await playhead.http.get(pathOf(link), {
      Range: 'bytes=-100',
      'If-Range': linked.headers.etag!,
    });
    expect(tail.status).toBe(206);
    expect(tail.body.equals(direct.body.subarray(-100))).toBe(true);
  });

  it('opens nothing beside it, and does not tell what is there', async () => {
    const { prefix } = await make({ path: FILM });
    const targets = [
      'closed/alice/secret/segment.ts',
      'closed/alice/nothing',
      'closed/alice',
      'closed',
      '',
      'open.txt',
    ];
    for (const target of targets) {
      expect([target, await problemOf(`${prefix}/files/${target}`)]).toEqual([target, 'link-invalid']);
      if (target !== '') expect(await problemOf(`${prefix}/api/v1/entries/${target}`)).toBe('link-invalid');
    }
  });

  it('is for saving when it was made so, and its URL cannot say otherwise', async () => {
    const link = await make({ path: FILM, download: true });
    for (const target of [pathOf(link), `${pathOf(link)}?download=0`, `${link.prefix}/stream/${FILM}`]) {
      const { headers } = await playhead.http.get(target);
      expect(headers['content-disposition']).toBe('attachment; filename="film.mp4"');
    }
  });
});

describe('a link to a folder', () => {
  it('opens all that is below it, by relative URLs too', async () => {
    const { prefix } = await make({ path: 'closed/alice' });
    const base = `http://h${prefix}/files/closed/alice/index.m3u8`;
    const playlist = await playhead.http.get(new URL(base).pathname);
    const segment = new URL(playlist.text.trim().split('\n').at(-1)!, base).pathname;
    expect((await playhead.http.get(segment)).text).toBe('segment');
  });

  it('is a browser of it: listing, entries and reports lead on by the same link', async () => {
    const link = await make({ path: 'closed/alice' });
    const { json, headers } = await playhead.http.get(`${pathOf(link)}?limit=2`);
    expect(headers['cache-control']).toBe('private, no-cache');
    const { entries, links } = json as unknown as {
      entries: readonly { name: string; links: Record<string, string> }[];
      links: Record<string, string>;
    };
    expect(entries.map(({ name }) => name)).toEqual(['secret', 'film.mp4']);
    for (const each of [links, ...entries.map((entry) => entry.links)])
      for (const target of Object.values(each)) {
        expect(target.startsWith(`${link.prefix}/`)).toBe(true);
        expect((await playhead.http.get(target)).status).toBe(200);
      }
    const report = await playhead.http.get(entries[1]!.links.inspection!);
    for (const target of Object.values(report.json.links as Record<string, string>))
      expect((await playhead.http.get(target)).status).toBe(200);
    const folder = await playhead.http.get(`${link.prefix}/files/closed/alice`);
    expect((await playhead.http.get(folder.json.listing as string)).status).toBe(200);
  });

  it('packs it', async () => {
    const { status, body } = await playhead.http.get(
      pathOf(await make({ path: 'closed/alice', use: 'archive' })),
    );
    expect([status, body.toString('latin1').includes('alice/secret/segment.ts')]).toEqual([200, true]);
    expect(body.toString('latin1')).not.toContain('.hidden');
  });

  it('does not reach what is hidden or kept by the server', async () => {
    const { prefix } = await make({ path: '' }, ROOT);
    for (const target of ['closed/alice/.hidden', '.playhead', '.playhead/links/key'])
      expect((await playhead.http.get(`${prefix}/files/${target}`)).status).toBe(404);
    expect((await playhead.http.get(`${prefix}/api/v1/entries`)).text).not.toContain('.playhead');
  });

  it('does not lead where nothing is read', async () => {
    const { prefix } = await make({ path: '' }, ROOT);
    for (const target of [
      '/api/v1/session',
      '/api/v1/links',
      '/api/v1/events',
      '/docs',
      '/metrics',
      `${prefix}/files/x`,
    ])
      expect((await playhead.http.get(prefix + target)).status).toBe(404);
    for (const method of ['PUT', 'POST', 'DELETE', 'PATCH'])
      expect((await playhead.http.send(`${prefix}/files/open.txt`, { method })).status).toBe(405);
  });

  it('does not open more to who has logged in', async () => {
    const { prefix } = await make({ path: 'closed/alice' });
    const { status } = await playhead.http.get(`${prefix}/files/closed/bob/diary.txt`, ROOT);
    expect(status).toBe(403);
  });

  it('keeps its path to the letter', async () => {
    const { prefix } = await make({ path: 'closed/alice' });
    await symlink('alice', path.join(root, 'closed/Alice'));
    const found = await problemOf(`${prefix}/files/closed/Alice/film.mp4`);
    await rm(path.join(root, 'closed/Alice'));
    expect(found).toBe('link-invalid');
  });
});

describe('a link', () => {
  it('that was tampered with opens nothing', async () => {
    const { prefix } = await make({ path: FILM });
    const token = prefix.slice(3);
    const others = [...token].map(
      (letter, at) => token.slice(0, at) + (letter === 'A' ? 'B' : 'A') + token.slice(at + 1),
    );
    for (const other of [
      ...others.filter((_, at) => at % 7 === 0),
      token.slice(1),
      `${token}A`,
      '',
      '%00',
      'x',
    ])
      expect([other, await problemOf(`/l/${other}/files/${FILM}`)]).toEqual([other, 'link-invalid']);
    expect(await problemOf(`/l/${others[0]}`)).toBe('link-invalid');
  });

  it('ends at its time, and says so', async () => {
    const link = await make({ path: FILM, expiresIn: 1 });
    expect((await playhead.http.get(pathOf(link))).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, Date.parse(link.expires) + 20 - Date.now()));
    expect(await problemOf(pathOf(link))).toBe('link-expired');
    expect(await problemOf(`${link.prefix}/files/${FILM}x`)).toBe('link-invalid');
  });

  it('can be revoked by who made it, and by who may administer', async () => {
    for (const who of [ALICE, ROOT]) {
      const link = await make({ path: FILM });
      expect((await playhead.http.get(pathOf(link))).status).toBe(200);
      const target = `/api/v1/links/${link.id}`;
      expect((await playhead.http.send(target, { method: 'DELETE', headers: BOB })).status).toBe(404);
      expect((await playhead.http.get(pathOf(link))).status).toBe(200);
      expect((await playhead.http.send(target, { method: 'DELETE', headers: who })).status).toBe(204);
      expect(await problemOf(pathOf(link))).toBe('link-invalid');
      expect((await playhead.http.send(target, { method: 'DELETE', headers: who })).status).toBe(404);
    }
  });

  it('is listed to who made it, and to who may administer', async () => {
    const link = await make({ path: 'closed/bob' }, BOB);
    const listed = async (who: object) =>
      ((await playhead.http.get('/api/v1/links', { ...who })).json.links as Link[]).map(({ id }) => id);
    expect(await listed(BOB)).toEqual([link.id]);
    expect(await listed(ALICE)).not.toContain(link.id);
    expect(await listed(ROOT)).toContain(link.id);
    expect((await playhead.http.get(`/api/v1/links/${link.id}`, BOB)).json).toEqual(link);
    expect((await playhead.http.get(`/api/v1/links/${link.id}`, ALICE)).status).toBe(404);
    expect((await playhead.http.get('/api/v1/links')).status).toBe(401);
  });

  it('lasts a week unless it is said how long', async () => {
    const { expires } = await make({ path: FILM });
    expect((Date.parse(expires) - Date.now()) / 86_400_000).toBeCloseTo(7, 2);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    expect((await make({ path: FILM, expires: until })).expires).toBe(`${until.slice(0, 19)}.000Z`);
  });
});

describe('making a link', () => {
  it.each([
    ['no body', undefined, 'body'],
    ['a list', [], 'body'],
    ['no path', {}, 'path'],
    ['an unknown member', { path: FILM, expire: 1 }, 'expire'],
    ['no time at all', { path: FILM, expiresIn: 0 }, 'expiresIn'],
    ['more than a year', { path: FILM, expiresIn: 31_536_001 }, 'expiresIn'],
    ['a part of a second', { path: FILM, expiresIn: 1.5 }, 'expiresIn'],
    ['the past', { path: FILM, expires: '2020-01-01T00:00:00Z' }, 'expires'],
    ['the far future', { path: FILM, expires: '2999-01-01T00:00:00Z' }, 'expires'],
    ['no moment', { path: FILM, expires: 'tomorrow' }, 'expires'],
    ['both', { path: FILM, expiresIn: 60, expires: new Date(Date.now() + 9e6).toISOString() }, 'expires'],
    ['an unknown use', { path: FILM, use: 'burn' }, 'use'],
    ['a playlist of a file', { path: FILM, use: 'playlist' }, 'use'],
    ['the stream of a folder', { path: 'closed/alice', use: 'stream' }, 'use'],
  ])('does not take %s', async (_, body, name) => {
    const { status, json } = await request(body);
    expect([status, json.type]).toEqual([400, '/problems/validation-failed']);
    expect((json.errors as { name: string }[])[0]!.name).toBe(name);
  });

  it.each(['../x', 'a//b', '/closed', 'a\0b', '\ud800'])('takes no path such as %j', async (given) => {
    expect((await request({ path: given })).json.type).toBe('/problems/invalid-path');
  });

  it('is for who may read it, all of it', async () => {
    expect((await request({ path: FILM }, {})).status).toBe(401);
    expect((await request({ path: 'open.txt' }, {})).status).toBe(401);
    expect((await request({ path: 'closed/bob/diary.txt' })).status).toBe(404);
    expect((await request({ path: 'closed/bob/nothing' })).status).toBe(404);
    expect((await request({ path: 'closed/alice/nothing' })).status).toBe(404);
    expect((await request({ path: 'closed/alice/.hidden' })).status).toBe(404);
    expect((await request({ path: 'closed' }, BOB)).json.type).toBe('/problems/forbidden');
    expect((await request({ path: 'closed/bob' }, BOB)).status).toBe(201);
  });

  it('is not for pages of other sites', async () => {
    const { json } = await request({ path: FILM }, { ...ALICE, 'Sec-Fetch-Site': 'cross-site' });
    expect(json.type).toBe('/problems/cross-site-request');
  });

  it('makes URLs by the host that was asked, and says where the link can be revoked', async () => {
    const headers = { ...ALICE, Host: 'media.example:8443' };
    const { json, headers: answer } = await request({ path: FILM }, headers);
    expect(String(json.url)).toMatch(/^http:\/\/media\.example:8443\/l\//);
    expect(answer.location).toBe(`/api/v1/links/${String(json.id)}`);
    expect((await playhead.http.get(answer.location!, ALICE)).status).toBe(200);
  });
});

describe('who made a link', () => {
  it('takes it with them when they go, or may not read any more', async () => {
    const link = await make({ path: 'closed/alice' });
    const bobs = await make({ path: 'closed/bob' }, BOB);
    const without = await start({ root, ...settings, users: settings.users!.slice(1) });
    expect(await problemOf(pathOf(link), without)).toBe('link-invalid');
    expect((await without.http.get(pathOf(bobs))).status).toBe(200);
    await stop(without);
    const users = [user('alice', 'another password', '/closed/alice/secret:r'), ...settings.users!.slice(1)];
    const less = await start({ root, ...settings, users });
    expect((await less.http.get(`${link.prefix}/files/closed/alice/secret/segment.ts`)).status).toBe(200);
    expect((await less.http.get(`${link.prefix}/files/${FILM}`)).status).toBe(404);
    expect((await less.http.get(pathOf(link))).text).not.toContain('film.mp4');
    await stop(less);
    const none = await start({ root, ...settings, users: [user('alice', 'right', '/closed/bob:r')] });
    expect(await problemOf(pathOf(link), none)).toBe('link-invalid');
    await stop(none);
  });
});

describe('the state folder', () => {
  it('keeps links over a restart, and what was revoked', async () => {
    const [kept, revoked] = [await make({ path: FILM }), await make({ path: FILM })];
    const remove = { method: 'DELETE', headers: ALICE };
    expect((await playhead.http.send(`/api/v1/links/${revoked.id}`, remove)).status).toBe(204);
    const second = await start({ root, ...settings });
    expect((await second.http.get(pathOf(kept))).status).toBe(200);
    expect(await problemOf(pathOf(revoked), second)).toBe('link-invalid');
    const { links } = (await second.http.get('/api/v1/links', ALICE)).json as { links: Link[] };
    expect(links.map(({ id }) => id)).toContain(kept.id);
    expect(links.map(({ id }) => id)).not.toContain(revoked.id);
    // Another server revokes it: this one believes what it has seen for a second.
    expect((await playhead.http.get(pathOf(kept))).status).toBe(200);
    await second.http.send(`/api/v1/links/${kept.id}`, remove);
    await new Promise((resolve) => setTimeout(resolve, 1050));
    expect(await problemOf(pathOf(kept))).toBe('link-invalid');
    await stop(second);
  });

  it('is for the server alone, and holds no link that somebody could use', async () => {
    const link = await make({ path: FILM });
    const folder = path.join(root, '.playhead/links');
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(folder)) {
      const file = path.join(folder, name);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect((await readFile(file, 'latin1')).includes(link.prefix.slice(3))).toBe(false);
    }
    expect((await stat(path.join(folder, 'key'))).size).toBe(32);
  });

  it('forgets what has expired, and is not upset by what is damaged', async () => {
    const { id, expires } = await make({ path: FILM, expiresIn: 1 });
    const folder = path.join(root, '.playhead/links');
    await writeFile(path.join(folder, 'AAAABBBBCCCCDDDD.json'), '{"id":"AAAABBBBCCCCDDDD"');
    await writeFile(path.join(folder, 'AAAABBBBCCCCDDDE.json'), '{"id":"AAAABBBBCCCCDDDE","path":"../x"}');
    await new Promise((resolve) => setTimeout(resolve, Date.parse(expires) + 20 - Date.now()));
    const { status, text } = await playhead.http.get('/api/v1/links', ALICE);
    expect([status, text.includes(id), text.includes('AAAABBBB')]).toEqual([200, false, false]);
    expect(await readdir(folder)).not.toContain(`${id}.json`);
    for (const last of 'DE') await rm(path.join(folder, `AAAABBBBCCCCDDD${last}.json`));
  });

  it('is not needed by a server that makes no links, which says what to set when one is wanted', async () => {
    const closed = await makeFolder();
    await writeFile(path.join(closed, 'file'), '');
    await writeFile(path.join(closed, 'state'), 'no folder');
    const server = await start({ root: closed, ...settings, stateDir: path.join(closed, 'state') });
    const reply = await request({ path: 'file' }, ROOT, server);
    expect([reply.status, reply.json.type]).toEqual([503, '/problems/links-unavailable']);
    expect(reply.json.detail).toContain('stateDir');
    expect(reply.text).not.toContain(closed);
    expect((await server.http.get('/files/file', ROOT)).status).toBe(200);
    expect((await server.http.get(`/l/${'A'.repeat(84)}/files/file`)).status).toBe(503);
    await stop(server);
    await rm(closed, { recursive: true });
  });

  it('takes no more of one person than it can keep, and clears up what a crash has left', async () => {
    const stateDir = await makeFolder();
    const folder = path.join(stateDir, 'links');
    await mkdir(folder);
    const record = { path: FILM, maker: 'alice', download: false, use: 'file', created: 1, expires: 2 ** 33 };
    for (let index = 0; index < 1000; index++) {
      const id = `full${String(index).padStart(12, '0')}`;
      await writeFile(path.join(folder, `${id}.json`), JSON.stringify({ ...record, id }));
    }
    await writeFile(path.join(folder, 'new.partial'), '');
    await writeFile(path.join(folder, 'old.partial'), '');
    await utimes(path.join(folder, 'old.partial'), 1, 1);
    const server = await start({ root, ...settings, stateDir });
    const full = await request({ path: FILM }, ALICE, server);
    expect([full.status, full.json.type]).toEqual([409, '/problems/too-many-links']);
    expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual(['new.partial']);
    await make({ path: FILM }, ROOT, server);
    const remove = { method: 'DELETE', headers: ALICE };
    expect((await server.http.send('/api/v1/links/full000000000007', remove)).status).toBe(204);
    await make({ path: FILM }, ALICE, server);
    await stop(server);
    await rm(stateDir, { recursive: true });
  });

  it('is not made by a link that somebody has invented', async () => {
    const server = await start({ ...settings });
    expect(await problemOf(`/l/${'A'.repeat(84)}/files/x`, server)).toBe('link-invalid');
    expect((await server.http.get('/api/v1/links', ALICE)).json).toEqual({ links: [] });
    expect(await readdir(server.root)).toEqual([]);
    await stop(server);
  });
});

describe('keys of the settings', () => {
  it('change without breaking what is live', async () => {
    const [next, stateDir] = ['a newer secret of thirty-two letters', await makeFolder()];
    const startWith = (...linkKey: string[]) => start({ root, ...settings, stateDir, linkKey });
    const before = await startWith(SECRET);
    const link = await make({ path: FILM }, ALICE, before);
    await stop(before);
    const rotated = await startWith(next, SECRET);
    expect((await rotated.http.get(pathOf(link))).status).toBe(200);
    const newer = await make({ path: FILM }, ALICE, rotated);
    await stop(rotated);
    const after = await startWith(next);
    expect(await problemOf(pathOf(link), after)).toBe('link-invalid');
    expect((await after.http.get(pathOf(newer))).status).toBe(200);
    // Who lists it is given what the present key signs.
    const { links } = (await after.http.get('/api/v1/links', ALICE)).json as { links: Link[] };
    for (const each of links) expect((await after.http.get(pathOf(each))).status).toBe(200);
    expect(links).toHaveLength(2);
    await stop(after);
    expect(await readdir(path.join(stateDir, 'links'))).not.toContain('key');
    await rm(stateDir, { recursive: true });
  });

  it('sign nothing that the server would take without a record where it keeps one', async () => {
    const server = await start({ root, ...settings, linkKey: [SECRET] });
    const keys = new LinkKeys([Buffer.from(SECRET)], ['alice']);
    const expires = Math.floor(Date.now() / 1000) + 60;
    const link = {
      id: 'AAAABBBBCCCCDDDD',
      path: FILM as ObjectKey,
      maker: 'alice',
      expires,
      download: false,
    };
    const target = (recorded: boolean) => `/l/${keys.sign({ ...link, recorded })}/files/${FILM}`;
    expect((await server.http.get(target(false))).status).toBe(200);
    expect(await problemOf(target(true), server)).toBe('link-invalid');
    await stop(server);
  });
});

describe('without users', () => {
  it('there are no links, and none is needed', async () => {
    const server = await start({ root });
    const reply = await request({ path: FILM }, {}, server);
    expect([reply.status, reply.json.type]).toEqual([403, '/problems/forbidden']);
    expect((await server.http.get(`/files/${FILM}`)).status).toBe(200);
    await stop(server);
  });
});

describe('the log', () => {
  it('has the ids of links, and no token', async () => {
    const server = await start({ root, ...settings });
    const link = await make({ path: FILM }, ALICE, server);
    const token = link.prefix.slice(3);
    await server.http.get(pathOf(link));
    await server.http.get(`${link.prefix}/files/${FILM}`, { Range: 'bytes=5-' });
    await server.http.get(`${link.prefix}/api/v1/entries/closed/bob`);
    await server.http.get(`${link.prefix}/api/v1/session`);
    await server.http.send(pathOf(link), { method: 'PUT' });
    await server.http.send(pathOf(link), { method: 'OPTIONS' });
    await exchange(server.port, rawGet(`http://host${pathOf(link)}`, 'Connection: close'));
    await exchange(server.port, rawGet(`https://host${pathOf(link)}`, 'Connection: close'));
    await exchange(server.port, rawGet(pathOf(link), 'Host: second', 'Connection: close'));
    await exchange(server.port, rawGet(pathOf(link), 'no colon', 'Connection: close'));
    await server.http.send(`/api/v1/links/${link.id}`, { method: 'DELETE', headers: ALICE });
    await stop(server);
    const text = JSON.stringify(server.log);
    expect(text).not.toContain(token);
    expect(text).not.toContain(token.slice(16, 60));
    const lines = server.log.filter((line) => line.path === `/files/${FILM}` && line.link === link.id);
    expect(lines.length).toBeGreaterThanOrEqual(4);
    const audit = server.log.filter(({ context }) => context === 'Audit').map(({ msg }) => msg);
    expect(audit).toContain(`alice: link /${FILM} done, made ${link.id}`);
    expect(audit).toContain(`alice: link /${FILM} done, revoked ${link.id}`);
  });
});
