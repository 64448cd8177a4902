import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseRules } from '../../src/core/access/index.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { findProgram, run } from '../support/programs.js';
import { SAMPLES } from '../support/samples.js';
import { basic, user } from '../support/users.js';

const ALICE = basic('alice', 'right');
const BOB = basic('bob', 'builder');
const MOOV_LAST = path.join(SAMPLES, 'video/mp4-moov-last.mp4');
/** A name that would be a line of its own, and a URL. */
const HOSTILE = 'a\n#EXTINF:1,x\nhttp:\\\\evil.example\r.mp3';

let root: string;
let playhead: Playhead;
beforeAll(async () => {
  root = await makeFolder();
  await mkdir(path.join(root, 'public/disc 2'), { recursive: true });
  await mkdir(path.join(root, 'closed/parts/secret'), { recursive: true });
  for (const name of ['10.mp3', '2.mp3', '.hidden.mp3', 'cover.jpg', 'old.m3u', HOSTILE, 'Ünï #1?.mp3'])
    await writeFile(path.join(root, 'public', name), 'x');
  await writeFile(path.join(root, 'public/disc 2/1.flac'), 'x');
  await symlink('..', path.join(root, 'public/up'));
  await cp(MOOV_LAST, path.join(root, 'closed/parts/film one.mp4'));
  await cp(path.join(SAMPLES, 'audio/mp3-vbr-no-xing.mp3'), path.join(root, 'closed/song.mp3'));
  await writeFile(path.join(root, 'closed/parts/secret/x.mp4'), 'x');
  playhead = await startPlayhead({
    root,
    users: [
      user('alice', 'right', '/closed:r,/closed/parts/secret:-'),
      user('bob', 'builder', '/closed/parts:r'),
    ],
    rules: parseRules('/closed:-'),
  });
});
afterAll(async () => {
  await playhead.close();
  await rm(root, { recursive: true });
});

async function playlist(target: string, headers: object = {}) {
  const {
    status,
    text,
    headers: fields,
  } = await playhead.http.get(`/api/v1/playlists/${target}`, { ...headers });
  expect(status).toBe(200);
  const lines = text.split('\n');
  expect(lines[0]).toBe('#EXTM3U');
  expect(lines.pop()).toBe('');
  const urls = lines.filter((line) => !line.startsWith('#'));
  return { text, lines, urls, fields };
}

const keysIn = (urls: readonly string[]) =>
  urls.map((url) => decodeURIComponent(new URL(url).pathname.replace(/^.*\/stream\//, '')));

describe('a playlist', () => {
  it('lists films and sound in the order of the listing, by absolute URLs', async () => {
    const { urls, lines, fields } = await playlist('public/playlist.m3u8');
    expect(keysIn(urls)).toEqual([
      'public/2.mp3',
      'public/10.mp3',
      `public/${HOSTILE}`,
      'public/Ünï #1?.mp3',
    ]);
    expect(urls[0]).toBe(`${playhead.url}/stream/public/2.mp3`);
    expect(lines.slice(1, 3)).toEqual(['#PLAYLIST:public', '#EXTINF:-1,2.mp3']);
    expect(fields).toMatchObject({
      'content-type': 'audio/x-mpegurl',
      'content-disposition': 'attachment; filename="public.m3u8"',
      'cache-control': 'no-store',
    });
    for (const url of urls)
      expect((await playhead.http.get(new URL(url).pathname)).body.toString()).toBe('x');
  });

  it('gives no name a line of its own', async () => {
    const { lines, urls } = await playlist('public/playlist.m3u');
    expect(lines).toHaveLength(2 + 2 * urls.length);
    expect(lines.filter((line) => line.startsWith('#EXTINF'))).toHaveLength(4);
    for (const line of urls) expect(line.startsWith(`${playhead.url}/stream/public/`)).toBe(true);
  });

  it('has what is in folders below when asked, and follows no link', async () => {
    const { urls } = await playlist('public/playlist.m3u8?recursive');
    expect(keysIn(urls).slice(0, 2)).toEqual(['public/disc 2/1.flac', 'public/2.mp3']);
    expect(urls).toHaveLength(5);
  });

  it('has only what its reader may read', async () => {
    expect(keysIn((await playlist('playlist.m3u8?recursive=true')).urls)).not.toContain('closed/song.mp3');
    expect((await playhead.http.get('/api/v1/playlists/closed/playlist.m3u8')).status).toBe(401);
    const { urls } = await playlist('closed/playlist.m3u8?recursive', ALICE);
    expect(keysIn(urls)).toEqual(['closed/parts/film one.mp4', 'closed/song.mp3']);
    // Who sees a folder only on the way to something further down.
    const bobs = (await playlist('closed/playlist.m3u8?recursive', BOB)).urls;
    expect(keysIn(bobs)).toEqual(['closed/parts/secret/x.mp4', 'closed/parts/film one.mp4']);
    expect((await playhead.http.get(new URL(bobs[0]!).pathname)).status).toBe(200);
  });

  it('is played by who sends no password, when who may read it has asked for it', async () => {
    const { urls } = await playlist('closed/playlist.m3u8?recursive', ALICE);
    for (const url of urls) {
      expect(new URL(url).pathname).toMatch(/^\/l\/[\w-]{84}\/stream\/closed\//);
      expect((await playhead.http.get(new URL(url).pathname, { Range: 'bytes=0-1' })).status).toBe(206);
    }
    const prefix = /\/l\/[^/]+/.exec(urls[0]!)![0];
    expect((await playhead.http.get(`${prefix}/stream/closed/parts/secret/x.mp4`)).status).toBe(404);
    expect((await playhead.http.get(`${prefix}/stream/public/2.mp3`)).status).toBe(403);
    // It is nobody's to list: it lasts a day.
    expect((await playhead.http.get('/api/v1/links', ALICE)).json).toEqual({ links: [] });
  });

  it('needs a key for that, which the settings may have where nothing can be written', async () => {
    const settings = {
      root,
      anonymous: false,
      users: [user('alice', 'right', '/:r')],
      stateDir: path.join(root, 'public/cover.jpg'),
    };
    const without = await startPlayhead(settings);
    const refused = await without.http.get('/api/v1/playlists/closed/playlist.m3u8', ALICE);
    await without.close();
    expect([refused.status, refused.json.type]).toEqual([503, '/problems/links-unavailable']);
    const server = await startPlayhead({ ...settings, linkKey: ['a secret of at least thirty-two letters'] });
    const { text } = await server.http.get('/api/v1/playlists/closed/playlist.m3u8', ALICE);
    const url = text.split('\n').find((line) => line.startsWith('http'))!;
    const { status } = await server.http.get(new URL(url).pathname);
    await server.close();
    expect(status).toBe(200);
  });

  it('needs no link where everybody may read', async () => {
    const { urls } = await playlist('public/playlist.m3u8', ALICE);
    expect(urls[0]).toBe(`${playhead.url}/stream/public/2.mp3`);
  });

  it('that is asked for by a link goes by that link', async () => {
    const { json } = await playhead.http.send('/api/v1/links', {
      method: 'POST',
      headers: { ...ALICE, 'Content-Type': 'application/json' },
      body: JSON.stringify({ path: 'public', use: 'playlist' }),
    });
    const { url, prefix } = json as { url: string; prefix: string };
    expect(new URL(url).pathname).toBe(`${prefix}/api/v1/playlists/public/playlist.m3u8`);
    const { text, headers } = await playhead.http.get(new URL(url).pathname);
    const urls = text.split('\n').filter((line) => line.startsWith('http'));
    expect(urls).toHaveLength(4);
    expect(headers['referrer-policy']).toBe('no-referrer');
    for (const each of urls) {
      expect(each.startsWith(`${playhead.url}${prefix}/stream/public/`)).toBe(true);
      expect((await playhead.http.get(new URL(each).pathname)).status).toBe(200);
    }
  });

  it('tells durations that are known already', async () => {
    expect((await playlist('closed/parts/playlist.m3u8', ALICE)).lines).toContain('#EXTINF:-1,film one.mp4');
    const { json } = await playhead.http.get('/api/v1/inspections/closed/parts/film%20one.mp4', ALICE);
    const { lines } = await playlist('closed/parts/playlist.m3u8', ALICE);
    expect(json.duration).toBeGreaterThan(1);
    expect(lines[2]).toMatch(new RegExp(`^#EXTINF:${Math.round(json.duration as number)},`));
  });

  it('is of folders, and in two forms', async () => {
    for (const target of ['public/2.mp3/playlist.m3u8', 'nothing/playlist.m3u8', 'public/playlist.pls'])
      expect((await playhead.http.get(`/api/v1/playlists/${target}`)).status).toBe(404);
    const { status } = await playhead.http.get('/api/v1/playlists/public/playlist.m3u8?recursive=maybe');
    expect(status).toBe(400);
  });

  (findProgram(['ffprobe']) ? it : it.skip)('plays in ffmpeg, entry by entry', async () => {
    const { urls } = await playlist('closed/playlist.m3u8?recursive', ALICE);
    for (const url of urls) {
      const { code, stdout } = await run('ffprobe', [
        ...['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', '-seekable', '1'],
        url,
      ]);
      expect([url, code]).toEqual([url, 0]);
      expect(Number(stdout)).toBeGreaterThan(1);
    }
    const decoded = await run('ffmpeg', ['-v', 'error', '-ss', '1', '-i', urls[0]!, '-f', 'null', '-']);
    expect(decoded).toMatchObject({ code: 0, stderr: '' });
  });
});
