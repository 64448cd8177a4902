import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseRules } from '../../src/core/access/index.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { exchange, get as rawGet } from '../support/raw-socket.js';
import { basic, user } from '../support/users.js';

const ALICE = basic('alice', 'right');
/** What Chromium and Firefox send when somebody follows a link. */
const BROWSER = {
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'Sec-Fetch-Dest': 'document',
  'Sec-Fetch-Mode': 'navigate',
};
const VARY = 'Accept, Sec-Fetch-Dest, Sec-Fetch-Mode';

let playhead: Playhead;
let prefix: string;
beforeAll(async () => {
  playhead = await startPlayhead({
    users: [user('alice', 'right', '/:rw')],
    rules: parseRules('/closed:-'),
    cors: ['https://elsewhere.example'],
  });
  await mkdir(path.join(playhead.root, 'music/ein Album'), { recursive: true });
  await writeFile(path.join(playhead.root, 'music/notes.txt'), 'text');
  const { json } = await playhead.http.send('/api/v1/links', {
    method: 'POST',
    headers: { ...ALICE, 'Content-Type': 'application/json' },
    body: JSON.stringify({ path: 'music' }),
  });
  prefix = json.prefix as string;
});
afterAll(() => playhead.close());

describe('a browser that navigates', () => {
  it.each([
    ['by its fields', BROWSER],
    ['by its mode alone', { 'Sec-Fetch-Mode': 'navigate', Accept: '*/*' }],
    ['by what it accepts', { Accept: 'text/html, */*;q=0.1' }],
  ])('is known %s, and gets a page', async (_, fields) => {
    const { status, headers, text } = await playhead.http.get('/files/music/gone.mp3', fields);
    expect(status).toBe(404);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-length': String(Buffer.byteLength(text)),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      vary: expect.stringContaining(VARY) as unknown,
    });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'$/,
    );
    expect(text).toContain('<h1>Nothing here</h1><p>There is no file at this path.</p>');
    expect(text).toContain('<a href="/browse/music">');
    expect(text).toContain('<a href="/">');
    expect(text).not.toContain('<script');
    const id = String(playhead.log.at(-1)!.reqId);
    expect(text).toContain(`<code>${id}</code>`);
  });

  it.each([
    ['/stream/music/gone.mp3', 404, '/browse/music'],
    ['/files/gone.mp3', 404, '/browse'],
    ['/files/music/%FF', 400, '/browse/music'],
    ['/browse/music/%FF', 400, '/browse/music'],
    ['/files/music/ein%20Album/gone.mp3?download', 404, '/browse/music/ein%20Album'],
  ])('gets a page at %s: %i, with the way to %s', async (url, status, folder) => {
    const reply = await playhead.http.get(url, BROWSER);
    expect(reply.status).toBe(status);
    expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(reply.text).toContain(`<a href="${folder}">`);
  });

  it('is told the fields of the status too', async () => {
    const range = await playhead.http.get('/files/music/notes.txt', { ...BROWSER, Range: 'bytes=99-' });
    expect(range.status).toBe(416);
    expect(range.headers['content-range']).toBe('bytes */4');
    const closed = await playhead.http.get('/files/closed/x', BROWSER);
    expect(closed.status).toBe(401);
    expect(closed.headers['www-authenticate']).toBe('Basic realm="Playhead", charset="UTF-8"');
    expect(closed.text).toContain('<a href="/login">');
  });

  it('gets the header alone by HEAD', async () => {
    const { status, headers, body } = await playhead.http.head('/files/gone.mp3', BROWSER);
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(Number(headers['content-length'])).toBeGreaterThan(500);
    expect(body).toHaveLength(0);
  });

  it.each([
    ['/files/music', '/browse/music'],
    ['/files/music/', '/browse/music'],
    ['/files/music/ein%20Album?download', '/browse/music/ein%20Album'],
    ['/stream/music', '/browse/music'],
    ['/files', '/browse'],
    ['/files/', '/browse'],
  ])('is led from %s to %s', async (url, page) => {
    const { status, headers, body } = await playhead.http.get(url, BROWSER);
    expect(status).toBe(303);
    expect(headers).toMatchObject({ location: page, 'cache-control': 'no-store', 'content-length': '0' });
    expect(headers.vary).toContain(VARY);
    expect(body).toHaveLength(0);
    expect((await playhead.http.get(page, BROWSER)).status).toBe(200);
  });

  it('stays with its link', async () => {
    const folder = await playhead.http.get(`${prefix}/files/music/ein%20Album/`, BROWSER);
    expect(folder.status).toBe(303);
    expect(folder.headers.location).toBe(`${prefix}/browse/music/ein%20Album`);
    expect(folder.headers['referrer-policy']).toBe('no-referrer');
    const missing = await playhead.http.get(`${prefix}/files/music/gone.mp3`, BROWSER);
    expect(missing.status).toBe(404);
    expect([...missing.text.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)).toEqual([
      prefix,
      '/problems/not-found',
    ]);
  });

  it('is not told what may not be read', async () => {
    await mkdir(path.join(playhead.root, 'closed'), { recursive: true });
    const { status, headers } = await playhead.http.get('/files/closed/', BROWSER);
    expect(status).toBe(401);
    expect(headers.location).toBeUndefined();
  });

  it.each(['/files/"><script>alert(1)</script>/x', "/files/'><img/src=x/onerror=alert(1)>/x"])(
    'finds nothing of the request in the page that is no text: %s',
    async (url) => {
      const fields = Object.entries(BROWSER).map(([name, value]) => `${name}: ${value}`);
      const request = rawGet(url, 'Connection: close', ...fields);
      const { text } = await exchange(playhead.port, request, { ms: 5000 });
      expect(text).toContain('text/html');
      expect(text).toContain('&lt;');
      expect(text).not.toMatch(/<(?:script|img)|href="[^"]*">[^<]*>|href="\/browse\/'/);
    },
  );
});

describe('any other client', () => {
  it.each<[string, Record<string, string>]>([
    ['curl', { Accept: '*/*' }],
    ['a program that says nothing', {}],
    ['one that would take HTML too', { Accept: 'application/json, text/html;q=0.9' }],
    ['fetch()', { Accept: '*/*', 'Sec-Fetch-Dest': 'empty', 'Sec-Fetch-Mode': 'cors' }],
    ['fetch() for HTML', { Accept: 'text/html', 'Sec-Fetch-Dest': 'empty', 'Sec-Fetch-Mode': 'same-origin' }],
    ['<video>', { Accept: '*/*', 'Sec-Fetch-Dest': 'video', 'Sec-Fetch-Mode': 'no-cors' }],
    ['something like HTML', { Accept: 'text/html5' }],
  ])('gets the document: %s', async (_, fields) => {
    for (const url of ['/files/gone.mp3', '/files/music', '/stream/music', '/files']) {
      const { status, headers, json } = await playhead.http.get(url, fields);
      expect(status).toBe(404);
      expect(headers['content-type']).toBe('application/problem+json');
      expect(headers.vary).toContain(VARY);
      expect(json.type).toBe('/problems/not-found');
    }
  });

  it('gets it even of a browser, elsewhere', async () => {
    for (const url of ['/api/v1/entries/gone', '/nowhere', '/docs/assets/gone.js', '/problems/gone']) {
      const { status, headers } = await playhead.http.get(url, BROWSER);
      expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
    }
    const post = await playhead.http.send('/files/x', { method: 'TRACE', headers: BROWSER });
    expect([post.status, post.headers['content-type']]).toEqual([405, 'application/problem+json']);
  });
});
