import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readlink, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MOST_ARCHIVES } from '../../src/archives/archive.service.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { readZip, type ReadMember } from '../support/python-zip.js';
import { begin, get, rest } from '../support/raw-socket.js';

const NFC = 'é'.normalize('NFC');
const NFD = 'é'.normalize('NFD');
const CHANGED = new Date(Date.UTC(2021, 10, 5, 6, 7, 9));
const LARGE = 64 * 2 ** 20;

describe('archives', () => {
  let playhead: Playhead;
  let scratch: string;
  /** By path below the root. */
  const contents = new Map<string, Buffer>();
  const at = (name: string) => path.join(playhead.root, name);

  beforeAll(async () => {
    playhead = await startPlayhead();
    scratch = await makeFolder();
    for (const folder of ['films/sub/deep', 'films/empty', 'films/.hidden', 'loops/b', 'loops/c', 'large'])
      await mkdir(at(folder), { recursive: true });
    for (const [name, content] of [
      ['films/film.mp4', randomBytes(300_000)],
      ['films/nothing.txt', ''],
      ['films/夏の海🎬.txt', 'summer'],
      [`films/${NFC}`, 'composed'],
      [`films/${NFD}`, 'decomposed'],
      ['films/a\\..\\..\\evil.txt', 'evil'],
      ['films/sub/one.txt', 'one'],
      ['films/sub/deep/two.txt', 'two'],
      ['films/.secret', 'secret'],
      ['films/.hidden/secret', 'secret'],
      ['loops/b/b.txt', 'b'],
      ['loops/c/c.txt', 'c'],
      ['large/film.mp4', randomBytes(LARGE)],
      ['large/text.txt', 'text'],
    ] as const) {
      contents.set(name, Buffer.from(content));
      await writeFile(at(name), content);
      await utimes(at(name), CHANGED, CHANGED);
    }
    await symlink('sub/one.txt', at('films/link.txt'));
    await symlink('/etc/passwd', at('films/leak'));
    await symlink('nowhere', at('films/broken'));
    for (const [link, target] of [
      ['self', '.'],
      ['up', '..'],
      ['b/above', '..'],
      ['b/c', '../c'],
      ['c/b', '../b'],
    ] as const)
      await symlink(target, at(`loops/${link}`));
  });
  afterAll(async () => {
    await playhead.close();
    await rm(scratch, { recursive: true });
  });

  const url = (name: string) => `/api/v1/archives${name === '' ? '' : `/${name}`}`;
  async function download(name: string): Promise<ReadMember[]> {
    const { status, body, headers } = await playhead.http.get(url(name));
    expect(status).toBe(200);
    expect(headers['content-length']).toBe(String(body.length));
    const file = path.join(scratch, 'a.zip');
    await writeFile(file, body);
    return readZip(file);
  }
  const namesIn = async (name: string) => (await download(name)).map(({ name }) => name).sort();
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  const errors = () => playhead.log.filter(({ level }) => level >= 40);

  /** How many descriptors this process, which is the server, holds on what is below a folder of the root. */
  async function openBelow(folder: string): Promise<number> {
    const links = (await readdir('/proc/self/fd')).map((fd) =>
      readlink(`/proc/self/fd/${fd}`).catch(() => ''),
    );
    return (await Promise.all(links)).filter((link) => link.startsWith(at(folder))).length;
  }

  it('hold a folder with everything in it, byte for byte, and nothing hidden or from outside', async () => {
    const members = await download('films');
    expect(members.map(({ name }) => name).sort()).toEqual(
      [
        'films/',
        'films/empty/',
        'films/film.mp4',
        'films/link.txt',
        'films/nothing.txt',
        'films/sub/',
        'films/sub/deep/',
        'films/sub/deep/two.txt',
        'films/sub/one.txt',
        `films/${NFC}`,
        `films/${NFD}`,
        'films/a\uff3c..\uff3c..\uff3cevil.txt',
        'films/夏の海🎬.txt',
      ].sort(),
    );
    for (const { name, sha256: digest, time, mode } of members) {
      if (name.endsWith('/')) {
        expect(mode).toBe(0o040755);
        continue;
      }
      const stored = name.replace('link.txt', 'sub/one.txt').replaceAll('\uff3c', '\\');
      expect([name, digest]).toEqual([name, sha256(contents.get(stored)!)]);
      expect(time).toBe(CHANGED.getTime() / 1000);
      expect(mode).toBe(0o100644);
    }
  });

  it('have a header that says what comes, and none of ranges or caches', async () => {
    const reply = await playhead.http.get(url('films'), { Range: 'bytes=0-1' });
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="films.zip"',
      'accept-ranges': 'none',
      'cache-control': 'no-store',
    });
    expect(reply.headers.etag).toBeUndefined();
    const head = await playhead.http.head(url('films'));
    expect({ ...head.headers, date: '' }).toEqual({ ...reply.headers, date: '' });
    expect((await playhead.http.get('/metrics')).text).not.toContain(
      'playhead_http_ranges_total{kind="full"}',
    );
  });

  it('are named after what is in them', async () => {
    const disposition = async (name: string) =>
      (await playhead.http.head(url(name))).headers['content-disposition'];
    expect(await disposition('')).toBe('attachment; filename="files.zip"');
    expect(await disposition('films/sub/')).toBe('attachment; filename="sub.zip"');
    expect(await disposition('films/film.mp4')).toBe('attachment; filename="film.mp4.zip"');
    expect(await disposition(`films/${encodeURIComponent('夏の海🎬.txt')}`)).toMatch(
      /filename\*=UTF-8''%E5%A4%8F.*\.txt\.zip$/,
    );
  });

  it('hold one file, a folder within folders, or the root', async () => {
    expect(await namesIn('films/film.mp4')).toEqual(['film.mp4']);
    expect(await namesIn('films/sub/')).toEqual(['sub/', 'sub/deep/', 'sub/deep/two.txt', 'sub/one.txt']);
    const all = await namesIn('?entry=loops/c/c.txt&entry=films/sub/deep');
    expect(all).toEqual(['files/films/sub/deep/', 'files/films/sub/deep/two.txt', 'files/loops/c/c.txt']);
    expect(await namesIn('')).toContain('files/films/sub/one.txt');
  });

  it('hold what was named, once', async () => {
    const chosen = ['sub', 'sub/deep/two.txt', 'sub/', `${encodeURIComponent(NFD)}`, 'link.txt'];
    expect(await namesIn(`films?${chosen.map((entry) => `entry=${entry}`).join('&')}`)).toEqual(
      [
        'films/link.txt',
        'films/sub/',
        'films/sub/deep/',
        'films/sub/deep/two.txt',
        'films/sub/one.txt',
        `films/${NFD}`,
      ].sort(),
    );
  });

  it('end where links go in a circle', async () => {
    expect(await namesIn('loops')).toEqual([
      'loops/',
      'loops/b/',
      'loops/b/b.txt',
      'loops/b/c/',
      'loops/b/c/c.txt',
      'loops/c/',
      'loops/c/b/',
      'loops/c/b/b.txt',
      'loops/c/c.txt',
    ]);
    expect(await namesIn('loops/b')).toEqual(['b/', 'b/b.txt', 'b/c/', 'b/c/c.txt']);
  });

  it('hold hidden names where they are served', async () => {
    const open = await startPlayhead({ root: playhead.root, hidden: true });
    try {
      const { body } = await open.http.get(url('films'));
      const file = path.join(scratch, 'hidden.zip');
      await writeFile(file, body);
      const names = (await readZip(file)).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['films/.secret', 'films/.hidden/secret']));
    } finally {
      await open.close();
    }
  });

  it.each([
    'nothing',
    'films/film.mp4/',
    'films/leak',
    'films/.hidden',
    'films?entry=nothing',
    'films?entry=sub&entry=sub2/x',
    'films?entry=.secret',
    'films?entry=leak',
    'films?entry=film.mp4/',
    'films/film.mp4?entry=x',
  ])('miss %s', async (name) => {
    const { status, json, headers } = await playhead.http.get(url(name));
    expect(status).toBe(404);
    expect(json.type).toBe('/problems/not-found');
    expect(headers['content-disposition']).toBeUndefined();
  });

  it.each([
    ['films?entry=', 'validation-failed'],
    [`films?${'entry=a&'.repeat(501)}`, 'validation-failed'],
    ['films?entries=a', 'validation-failed'],
    ['films?entry=../loops', 'invalid-path'],
    ['films?entry=/film.mp4', 'invalid-path'],
    ['films?entry=sub//one.txt', 'invalid-path'],
    ['films?entry=a%00b', 'invalid-path'],
  ])('refuse %.40s', async (name, slug) => {
    const { status, json } = await playhead.http.get(url(name));
    expect(status).toBe(400);
    expect(json.type).toBe(`/problems/${slug}`);
  });

  it('are few at a time', async () => {
    const sockets = await Promise.all(
      Array.from({ length: MOST_ARCHIVES }, () => begin(playhead.port, get(url('large')))),
    );
    const { status, json, headers } = await playhead.http.get(url('films'));
    expect([status, json.type, headers['retry-after']]).toEqual([503, '/problems/archives-busy', '10']);
    // It is a limit, not a fault.
    const id = String(json.instance).slice('urn:uuid:'.length);
    const logged = errors().filter(({ reqId }) => reqId === id);
    expect(logged).toEqual([
      expect.objectContaining({ level: 40, msg: `GET refused: ${String(json.detail)}` }),
    ]);
    expect(logged[0]).not.toHaveProperty('err');
    sockets.pop()!.destroy();
    await until(async () => (await playhead.http.head(url('films'))).status === 200);
    sockets.forEach((socket) => socket.destroy());
    await until(async () => (await openBelow('large')) === 0);
  });

  it('let go of everything when the client leaves, without an error', async () => {
    const before = errors().length;
    for (const end of ['destroy', 'resetAndDestroy'] as const) {
      const sockets = await Promise.all(
        Array.from({ length: MOST_ARCHIVES }, () => begin(playhead.port, get(url('large')))),
      );
      expect(await openBelow('large')).toBeGreaterThan(0);
      sockets.forEach((socket) => socket[end]());
      await until(async () => (await openBelow('large')) === 0);
    }
    expect(errors()).toHaveLength(before);
  });

  describe('break the connection', () => {
    /** Names sort as they are read here: by `entry`. The second file is not open while the first is sent. */
    const QUERY = '?entry=film.mp4&entry=text.txt';
    const change = async (act: () => Promise<void>) => {
      await until(async () => (await playhead.http.head(url('films'))).status === 200);
      const before = errors().length;
      const socket = await begin(playhead.port, get(url(`large${QUERY}`)), get('/health/live'));
      await act();
      const body = await rest(socket);
      expect(body.includes('PK\u0005\u0006')).toBe(false);
      expect(body.includes('HTTP/1.1')).toBe(false);
      await until(async () => errors().length > before);
      const logged = errors().slice(before);
      expect(logged).toHaveLength(1);
      expect(logged[0]!.msg).toContain('transfer broken off');
      await until(async () => (await openBelow('large')) === 0);
      return logged[0]!;
    };
    const restore = async () => {
      for (const name of ['large/film.mp4', 'large/text.txt']) await writeFile(at(name), contents.get(name)!);
    };

    it('when a file vanishes before its turn', async () => {
      const line = await change(() => rm(at('large/text.txt')));
      expect(line).toMatchObject({ entry: 'large/text.txt', msg: expect.stringMatching(/vanished/) });
      await restore();
    });

    it('when a file grows before its turn', async () => {
      const line = await change(() => writeFile(at('large/text.txt'), 'longer text'));
      expect(line).toMatchObject({ entry: 'large/text.txt', msg: expect.stringMatching(/length/) });
      await restore();
    });

    it('when a file shrinks while it is read', async () => {
      const line = await change(() => truncate(at('large/film.mp4'), 1000));
      expect(line).toMatchObject({ entry: 'large/film.mp4', msg: expect.stringMatching(/length/) });
      await restore();
    });
  });

  it('are whole when a file grows while it is read', async () => {
    const socket = await begin(playhead.port, get(url('large'), 'Connection: close'));
    const handle = await open(at('large/film.mp4'), 'a');
    await handle.write('surplus');
    await handle.close();
    const body = await rest(socket);
    expect(body.includes('surplus')).toBe(false);
    expect(body.includes('PK\u0005\u0006')).toBe(true);
    await truncate(at('large/film.mp4'), LARGE);
  });
});

/** Waits for a state that must come within a second; ten are for a busy machine. */
async function until(reached: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt++) {
    if (await reached()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('never reached');
}
