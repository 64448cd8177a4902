import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseRules } from '../../src/core/access/index.js';
import { withHead } from '../../src/pages/share-head.js';
import type { Reply } from '../support/http-client.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { SAMPLES } from '../support/samples.js';
import { basic, user } from '../support/users.js';

const ALICE = basic('alice', 'right');
/** What a browser accepts. */
const HTML = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const HOSTILE = `a"><script>alert('1')&amp;$&$' <b>.mp4`;

interface Link {
  readonly id: string;
  readonly prefix: string;
  readonly expires: string;
  readonly links: { readonly page: string };
}

let playhead: Playhead;
beforeAll(async () => {
  playhead = await startPlayhead({
    users: [user('alice', 'right', '/:rw,/closed/alice/secret:-'), user('root', 'toor', '/:a')],
    rules: parseRules('/:-'),
  });
  const album = path.join(playhead.root, 'closed/album');
  await mkdir(path.join(album, 'disc 1'), { recursive: true });
  await cp(path.join(SAMPLES, 'video/mp4-moov-last.mp4'), path.join(album, HOSTILE));
  await cp(path.join(SAMPLES, 'pictures/test-pattern.jpg'), path.join(album, 'cover.jpg'));
  for (const name of ['film.mp4', 'song.mp3', 'notes.txt', 'disc 1/song.mp3'])
    await writeFile(path.join(album, name), 'content');
});
afterAll(() => playhead.close());

async function make(body: object, who = ALICE): Promise<Link> {
  const headers = { ...who, 'Content-Type': 'application/json' };
  const reply = await playhead.http.send('/api/v1/links', {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  expect(reply.status).toBe(201);
  return reply.json as unknown as Link;
}

/** What stands in the head besides what the build puts there. */
function tagsOf({ text }: Reply): Record<string, string> {
  const tags = text.matchAll(/<meta (?:name|property)="((?:og|twitter):[^"]+|robots)" content="([^"]*)">/g);
  return Object.fromEntries([...tags].map(([, name, value]) => [name!, value!]));
}

describe('the page of a link', () => {
  it.each([
    ['film.mp4', 'video', 'video.other', { 'og:video:type': 'video/mp4' }],
    ['song.mp3', 'audio', 'music.song', { 'og:audio:type': 'audio/mpeg' }],
  ])('describes %s, which plays', async (name, kind, type, more) => {
    const { prefix, links } = await make({ path: `closed/album/${name}` });
    expect(links.page).toBe(playhead.url + prefix);
    const reply = await playhead.http.get(prefix);
    expect(reply.status).toBe(200);
    expect(tagsOf(reply)).toEqual({
      robots: 'noindex',
      'og:title': name,
      'og:site_name': 'Playhead',
      'og:type': type,
      'og:url': links.page,
      [`og:${kind}`]: `${links.page}/stream/closed/album/${name}`,
      ...more,
      'twitter:card': 'summary',
    });
    expect(reply.text.match(/<title>.*?<\/title>/g)).toEqual([`<title>${name}</title>`]);
    expect(reply.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'private, no-cache',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    const plain = await playhead.http.get('/');
    expect(reply.headers['content-security-policy']).toBe(plain.headers['content-security-policy']);
    const media = new URL(tagsOf(reply)[`og:${kind}`]!);
    expect((await playhead.http.get(media.pathname)).status).toBe(200);
  });

  it('has a picture of a picture', async () => {
    const { prefix, links } = await make({ path: 'closed/album/cover.jpg' });
    expect(tagsOf(await playhead.http.get(prefix))).toMatchObject({
      'og:type': 'website',
      'og:image': `${links.page}/api/v1/thumbnails/closed/album/cover.jpg?size=640`,
      'twitter:card': 'summary_large_image',
    });
  });

  it('has the picture of a folder, and of what is in it, where the link leads to it', async () => {
    const { prefix, links } = await make({ path: 'closed/album' });
    const image = async (url: string) => tagsOf(await playhead.http.get(url))['og:image'];
    const cover = `${links.page}/api/v1/thumbnails/closed/album?size=640`;
    expect(await image(prefix)).toBe(cover);
    expect((await playhead.http.get(cover.slice(playhead.url.length))).headers['content-type']).toBe(
      'image/webp',
    );
    expect(await image(`${prefix}/browse/closed/album/song.mp3`)).toBe(
      `${links.page}/api/v1/thumbnails/closed/album/song.mp3?size=640`,
    );
    expect(await image(`${prefix}/browse/closed/album/notes.txt`)).toBeUndefined();
    const alone = await make({ path: 'closed/album/song.mp3' });
    expect(await image(alone.prefix)).toBeUndefined();
  });

  it('is that of what it shows, in a folder', async () => {
    const { prefix, links } = await make({ path: 'closed/album' });
    for (const url of [prefix, `${prefix}/`, `${prefix}/browse`, `${prefix}?fbclid=x/y`, `${prefix}/?x`])
      expect(tagsOf(await playhead.http.get(url))).toMatchObject({
        'og:title': 'album',
        'og:type': 'website',
        'og:url': links.page,
      });
    expect(tagsOf(await playhead.http.get(`${prefix}/browse/closed/album/disc%201/song.mp3`))).toMatchObject({
      'og:title': 'song.mp3',
      'og:url': `${links.page}/browse/closed/album/disc%201/song.mp3`,
      'og:audio': `${links.page}/stream/closed/album/disc%201/song.mp3`,
    });
  });

  it('offers nothing to play that is for saving only', async () => {
    const { prefix } = await make({ path: 'closed/album/film.mp4', download: true });
    const tags = tagsOf(await playhead.http.get(prefix));
    expect(tags['og:title']).toBe('film.mp4');
    expect(tags['og:video']).toBeUndefined();
  });

  it('takes any name for text', async () => {
    const { prefix } = await make({ path: `closed/album/${HOSTILE}` });
    const reply = await playhead.http.get(prefix);
    const escaped = 'a&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&amp;amp;$&amp;$&#39; &lt;b&gt;.mp4';
    expect(tagsOf(reply)['og:title']).toBe(escaped);
    expect(reply.text).toContain(`<title>${escaped}</title>`);
    const plain = await playhead.http.get('/');
    const scripts = ({ text }: Reply) => text.match(/<script/g);
    expect(scripts(reply)).toEqual(scripts(plain));
    expect(reply.text).not.toContain('<b>');
  });

  it('is not sent again to who has it', async () => {
    const { prefix } = await make({ path: 'closed/album' });
    const { headers } = await playhead.http.head(prefix);
    const again = await playhead.http.get(prefix, { 'If-None-Match': headers.etag! });
    expect(again.status).toBe(304);
    expect(again.headers['cache-control']).toBe('private, no-cache');
    const other = await playhead.http.get(`${prefix}/browse/closed/album/song.mp3`, {
      'If-None-Match': headers.etag!,
    });
    expect(other.status).toBe(200);
  });

  it('says nothing of what is not there', async () => {
    const { prefix } = await make({ path: 'closed/album' });
    const reply = await playhead.http.get(`${prefix}/browse/closed/album/gone.mp4`);
    expect(reply.status).toBe(200);
    expect(tagsOf(reply)).toEqual({ robots: 'noindex' });
  });

  it('goes by the name that a browser knows the server by', async () => {
    const { prefix } = await make({ path: 'closed/album' });
    const reply = await playhead.http.get(prefix, { Host: 'media.localhost:99' });
    expect(tagsOf(reply)['og:url']).toBe(`http://media.localhost:99${prefix}`);
  });
});

describe('a link that opens nothing', () => {
  async function expectRefused(url: string, type: string): Promise<void> {
    const page = await playhead.http.get(url, HTML);
    expect([page.status, page.headers['content-type']]).toEqual([403, 'text/html; charset=utf-8']);
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      vary: 'Accept',
    });
    expect(page.text).toBe(
      withHead((await playhead.http.get('/')).text, '<meta name="robots" content="noindex">'),
    );
    expect(page.headers.etag).toBeUndefined();
    for (const accept of [undefined, '*/*', 'application/json']) {
      const { status, json } = await playhead.http.get(url, accept === undefined ? {} : { Accept: accept });
      expect([status, json.type]).toEqual([403, `/problems/${type}`]);
    }
    const { status, json } = await playhead.http.get(`${url.split('/browse')[0]}/api/v1/link`, HTML);
    expect([status, json.type]).toEqual([403, `/problems/${type}`]);
  }

  it('shows the page all the same: made up', async () => {
    await expectRefused(`/l/${'A'.repeat(84)}`, 'link-invalid');
    await expectRefused('/l/x/browse/closed/album', 'link-invalid');
    await expectRefused('/l/..%2f..', 'link-invalid');
  });

  it('shows the page all the same: revoked', async () => {
    const { id, prefix } = await make({ path: 'closed/album' });
    expect((await playhead.http.get(prefix, HTML)).status).toBe(200);
    await playhead.http.send(`/api/v1/links/${id}`, { method: 'DELETE', headers: ALICE });
    await expectRefused(prefix, 'link-invalid');
    await expectRefused(`${prefix}/browse/closed/album`, 'link-invalid');
  });

  it('shows the page all the same: expired', async () => {
    const { prefix } = await make({ path: 'closed/album', expiresIn: 1 });
    await setTimeout(2000);
    await expectRefused(prefix, 'link-expired');
  });

  it('shows nothing of what it is not for', async () => {
    const { prefix } = await make({ path: 'closed/album/film.mp4' });
    for (const target of ['closed/album', 'closed', 'closed/album/song.mp3']) {
      const { status, text } = await playhead.http.get(`${prefix}/browse/${target}`, HTML);
      expect(status).toBe(403);
      expect(text).not.toContain('og:');
    }
  });

  it('has no page but these', async () => {
    const { prefix } = await make({ path: 'closed/album' });
    for (const target of ['/trash', '/links', '/login', '/assets/x.js', '/favicon.svg', '/docs'])
      expect((await playhead.http.get(prefix + target, HTML)).status).toBe(404);
    for (const method of ['POST', 'PUT', 'DELETE'])
      for (const target of ['', '/', '/browse', '/api/v1/link'])
        expect((await playhead.http.send(prefix + target, { method })).status).toBe(405);
  });
});

describe('/api/v1/link', () => {
  it('tells what a link to a file opens, by the same link', async () => {
    const { prefix, expires } = await make({ path: 'closed/album/film.mp4' });
    const { status, headers, json } = await playhead.http.get(`${prefix}/api/v1/link`);
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('private, no-cache');
    expect(json).toEqual({
      path: 'closed/album/film.mp4',
      name: 'film.mp4',
      kind: 'video',
      download: false,
      expires,
      links: {
        page: prefix,
        entry: `${prefix}/api/v1/entries/closed/album/film.mp4`,
        file: `${prefix}/files/closed/album/film.mp4`,
        stream: `${prefix}/stream/closed/album/film.mp4`,
        inspection: `${prefix}/api/v1/inspections/closed/album/film.mp4`,
        subtitles: `${prefix}/api/v1/subtitles/closed/album/film.mp4`,
      },
    });
    const { page, entry, file, stream } = json.links as Record<string, string>;
    for (const url of [page, entry, file, stream])
      expect([url, (await playhead.http.get(url!)).status]).toEqual([url, 200]);
  });

  it('tells the same of a folder, and of everything', async () => {
    const folder = await make({ path: 'closed/album', download: true });
    expect((await playhead.http.get(`${folder.prefix}/api/v1/link`)).json).toMatchObject({
      path: 'closed/album',
      name: 'album',
      kind: 'folder',
      download: true,
      links: { entry: `${folder.prefix}/api/v1/entries/closed/album` },
    });
    const all = await make({ path: '' }, basic('root', 'toor'));
    const { json } = await playhead.http.get(`${all.prefix}/api/v1/link`);
    expect(json).toMatchObject({ path: '', name: '', kind: 'folder' });
    expect((await playhead.http.get((json.links as Record<string, string>).entry!)).status).toBe(200);
    expect(tagsOf(await playhead.http.get(all.prefix))).toMatchObject({ 'og:title': 'Playhead' });
  });

  it('is nothing without a link', async () => {
    expect((await playhead.http.get('/api/v1/link', ALICE)).status).toBe(404);
  });

  it('says so when what was shared has gone', async () => {
    const file = path.join(playhead.root, 'closed/gone.txt');
    await writeFile(file, 'soon gone');
    const { prefix } = await make({ path: 'closed/gone.txt' });
    await rm(file);
    expect((await playhead.http.get(`${prefix}/api/v1/link`)).status).toBe(404);
    await symlink('/etc/passwd', file);
    expect((await playhead.http.get(`${prefix}/api/v1/link`)).status).toBe(404);
    expect(tagsOf(await playhead.http.get(prefix))).toEqual({ robots: 'noindex' });
  });

  it('knows no links that are in playlists', async () => {
    const url = '/api/v1/playlists/closed/album/playlist.m3u8';
    const { text } = await playhead.http.get(url, ALICE);
    const [, prefix] = /(\/l\/[\w-]{84})\/stream/.exec(text)!;
    const { status, json } = await playhead.http.get(`${prefix}/api/v1/link`);
    expect([status, json.type]).toEqual([403, '/problems/link-invalid']);
  });
});
