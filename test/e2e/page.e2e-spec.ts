import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseRules } from '../../src/core/access/index.js';
import { ProblemError } from '../../src/core/problem/index.js';
import { PageBuild } from '../../src/pages/page-build.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { exchange, get as rawGet } from '../support/raw-socket.js';

/** The web page as it was built, whatever is in it. */
const BUILD = path.join(import.meta.dirname, '../../dist/page');
const INDEX = readFileSync(path.join(BUILD, 'index.html'), 'utf8');
const NAMES = readdirSync(path.join(BUILD, 'assets'));
const SCRIPT = NAMES.find((name) => name.endsWith('.js') && NAMES.includes(`${name}.br`))!;
const urlOf = (name: string) => `/assets/${name}`;
const bytesOf = (name: string) => readFileSync(path.join(BUILD, 'assets', name));

const PAGES = ['/', '/browse', '/browse/', '/browse/a/b%20c.mp4', '/trash', '/links', '/login'];

let playhead: Playhead;
beforeAll(async () => {
  // Nobody may read anything: the page is there all the same.
  playhead = await startPlayhead({ rules: parseRules('/:-') });
});
afterAll(() => playhead.close());

describe('the page', () => {
  it.each(PAGES)('is at %s, for everybody, and the same HTML everywhere', async (url) => {
    const { status, headers, text } = await playhead.http.get(url);
    expect(status).toBe(200);
    expect(text).toBe(INDEX);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-length': String(Buffer.byteLength(INDEX)),
      'cache-control': 'no-cache',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('may run no script but its own files, and be shown in no frame', async () => {
    const { headers } = await playhead.http.get('/');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
        "media-src 'self' blob:; font-src 'self'; connect-src 'self'; frame-src 'self' blob:; manifest-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers['permissions-policy']).toMatch(/\bfullscreen=\(self\).*\bcamera=\(\).*\bmicrophone=\(\)/);
    // It would not run.
    expect(INDEX).not.toMatch(/<script(?![^>]*\bsrc="\/)|\son\w+\s*=|javascript:/i);
  });

  it('names nothing that is not there', async () => {
    const urls = [...INDEX.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url!);
    expect(urls.length).toBeGreaterThan(0);
    for (const url of urls) {
      expect(url).toMatch(/^(?:\/assets\/|\/favicon\.|data:)/);
      if (url.startsWith('/')) expect([url, (await playhead.http.get(url)).status]).toEqual([url, 200]);
    }
  });

  it('is not sent again to who has it', async () => {
    const { headers } = await playhead.http.head('/');
    expect(headers['content-length']).toBe(String(Buffer.byteLength(INDEX)));
    const again = await playhead.http.get('/browse/x', { 'If-None-Match': `"other", W/${headers.etag}` });
    expect(again.status).toBe(304);
    expect(again.headers).toMatchObject({ etag: headers.etag, 'cache-control': 'no-cache' });
    expect((await playhead.http.get('/', { 'If-None-Match': '"other"' })).status).toBe(200);
    expect((await playhead.http.get('/', { 'If-Match': '"other"' })).status).toBe(412);
  });

  it.each([
    '/browse/%22%3E%3Cscript%3Ealert(1)%3C/script%3E',
    '/browse/"><script>alert(1)</script>',
    '/browse/..%2f..%2f..%2fetc%2fpasswd',
    '/browse/../../../etc/passwd',
    '/browse/a%00b',
    '/browse//evil.example/',
    `/browse/${'a/'.repeat(3000)}`,
    '/browse/x?next=javascript:alert(1)//<script>',
  ])('is the same at %.60s', async (url) => {
    const { text } = await exchange(playhead.port, rawGet(url, 'Connection: close'), { ms: 5000 });
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe(INDEX);
  });

  it('is not at a path that is no UTF-8', async () => {
    expect((await playhead.http.get('/browse/%FF')).status).toBe(400);
  });

  it.each(['/index.html', '/page', '/Browse', '/browser', '/trash/x', '/links/x', '/assets', '/assets/'])(
    'is not at %s',
    async (url) => {
      expect((await playhead.http.get(url)).status).toBe(404);
    },
  );
});

describe('an asset', () => {
  const tags = new Set<string>();

  it.each([
    ['identity', undefined, SCRIPT, undefined],
    ['gzip', 'gzip, deflate', `${SCRIPT}.gz`, 'gzip'],
    ['Brotli', 'gzip, deflate, br, zstd', `${SCRIPT}.br`, 'br'],
    ['what the weights prefer', 'br;q=0.3, gzip;q=0.7', `${SCRIPT}.gz`, 'gzip'],
    ['identity to who refuses the others', 'br;q=0, gzip;q=0', SCRIPT, undefined],
  ])('comes as %s', async (_, accept, file, coding) => {
    const fields = accept === undefined ? {} : { 'Accept-Encoding': accept };
    const { status, headers, body } = await playhead.http.get(urlOf(SCRIPT), fields);
    expect(status).toBe(200);
    expect(body.equals(bytesOf(file))).toBe(true);
    expect(headers['content-encoding']).toBe(coding);
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
    });
    expect(headers.etag).toBe(`"${hash('sha256', bytesOf(file), 'base64url').slice(0, 22)}"`);
    tags.add(headers.etag!);
  });

  it('has an entity tag for each coding', async () => {
    expect(tags.size).toBe(3);
    const br = await playhead.http.head(urlOf(SCRIPT), { 'Accept-Encoding': 'br' });
    expect(br.headers['content-length']).toBe(String(bytesOf(`${SCRIPT}.br`).length));
    const ifNot = (tag: string, accept: string) =>
      playhead.http.get(urlOf(SCRIPT), { 'If-None-Match': tag, 'Accept-Encoding': accept });
    const same = await ifNot(br.headers.etag!, 'br');
    expect(same.status).toBe(304);
    expect(same.headers).toMatchObject({
      vary: 'Accept-Encoding',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect((await ifNot(br.headers.etag!, 'gzip')).status).toBe(200);
  });

  it('is the same bytes in every coding', () => {
    for (const name of NAMES.filter((each) => !/\.(?:br|gz)$/.test(each))) {
      if (NAMES.includes(`${name}.br`))
        expect(brotliDecompressSync(bytesOf(`${name}.br`)).equals(bytesOf(name))).toBe(true);
      if (NAMES.includes(`${name}.gz`))
        expect(gunzipSync(bytesOf(`${name}.gz`)).equals(bytesOf(name))).toBe(true);
    }
  });

  it.each([
    `${SCRIPT}.br`,
    `${SCRIPT}.gz`,
    SCRIPT.toUpperCase(),
    'index.html',
    '..%2findex.html',
    '%2e%2e%2f%2e%2e%2fcli.js',
    '__proto__',
    'constructor',
    '%00',
    '.',
  ])('is there under its own name alone, not as %s', async (name) => {
    expect((await playhead.http.get(urlOf(name))).status).toBe(404);
  });
});

describe('a server whose page was not built', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'playhead-test-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('says so, and finds it once it is', async () => {
    const build = new PageBuild(path.join(folder, 'page'));
    const problem = await build.indexBody().catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(ProblemError);
    expect((problem as ProblemError).status).toBe(404);
    expect((problem as ProblemError).message).toContain('npm run build');
    await mkdir(path.join(folder, 'page/assets'), { recursive: true });
    await writeFile(path.join(folder, 'page/index.html'), 'built');
    expect((await build.indexBody()).bytes.toString()).toBe('built');
  });
});
