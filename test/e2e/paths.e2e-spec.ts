import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { exchange, get } from '../support/raw-socket.js';

const NAMES = [
  'plain.mp4',
  'with space.mp4',
  '#hash.mp4',
  'question?.mp4',
  '50%25 percent%.mp4',
  'plus+and&equals=.mp4',
  `quotes'".mp4`,
  'semi;colon,comma.mp4',
  'back\\slash.mp4',
  '(brackets)[square]{curly}.mp4',
  'é'.normalize('NFC') + '.mp4',
  'é'.normalize('NFD') + '.mp4',
  '夏の歌 🎬.mp4',
  'name:with:colons.mp4',
  '...three dots.mp4',
  `${'x'.repeat(251)}.mp4`,
];

describe('paths', () => {
  let outside: string;
  let playhead: Playhead;
  beforeAll(async () => {
    outside = await makeFolder();
    const root = path.join(outside, 'media');
    await mkdir(path.join(root, 'sub folder'), { recursive: true });
    await Promise.all(NAMES.map((name) => writeFile(path.join(root, name), name)));
    await writeFile(path.join(root, 'sub folder/film.mp4'), 'film');
    await writeFile(path.join(root, '.hidden.mp4'), 'hidden');
    await writeFile(path.join(outside, 'secret.txt'), 'TOPSECRET');
    await mkdir(path.join(outside, 'media-secret'));
    await writeFile(path.join(outside, 'media-secret/secret.txt'), 'TOPSECRET');
    await symlink('../secret.txt', path.join(root, 'leak.txt'));
    await symlink('..', path.join(root, 'up'));
    await symlink('loop', path.join(root, 'loop'));
    await symlink('sub folder/film.mp4', path.join(root, 'inside.mp4'));
    execFileSync('mkfifo', [path.join(root, 'pipe.mp4')]);
    playhead = await startPlayhead({ root, hidden: false });
  });
  afterAll(async () => {
    await playhead.close();
    await rm(outside, { recursive: true });
  });

  it.each(NAMES.filter((name) => !name.startsWith('.')))('serves %j', async (name) => {
    const reply = await playhead.http.get(`/files/${encodeURIComponent(name)}`);
    expect(reply.status).toBe(200);
    expect(reply.text).toBe(name);
  });

  it('serves files in folders and links that stay inside', async () => {
    expect((await playhead.http.get('/files/sub%20folder/film.mp4')).text).toBe('film');
    expect((await playhead.http.get('/files/inside.mp4')).text).toBe('film');
  });

  it.each([
    '/files/../secret.txt',
    '/files/%2e%2e/secret.txt',
    '/files/%2E%2E%2Fsecret.txt',
    '/files/..%2fsecret.txt',
    '/files/..%5csecret.txt',
    '/files/..\\secret.txt',
    '/files/%252e%252e%252fsecret.txt',
    '/files/..;/secret.txt',
    '/files/%c0%ae%c0%ae/secret.txt',
    '/files/%c0%ae%c0%ae%c0%afsecret.txt',
    '/files/sub%20folder/../../secret.txt',
    '/files/sub%20folder/..%2f..%2fsecret.txt',
    '/files/../media-secret/secret.txt',
    '/files/%2fetc%2fpasswd',
    '/files//etc/passwd',
    '/files/./secret.txt',
    '/files/secret.txt%00.mp4',
    '/files/plain.mp4%00',
    '/files/%ff%fe',
    '/files/%',
    '/files/%zz',
    '/../secret.txt',
    '//evil.example/..%2fsecret.txt',
    '/files/leak.txt',
    '/files/up/secret.txt',
    '/files/loop',
    '/files/.hidden.mp4',
    '/files/.git/config',
    '/files/plain.mp4/child',
    '/files/plain.mp4/',
    `/files/${'y'.repeat(300)}`,
    `/files/${'d/'.repeat(3000)}f`,
    '/files/nothing.mp4',
    'http://evil.example/files/../secret.txt',
  ])('refuses %.60s with a problem that tells nothing', async (target) => {
    // Over a raw socket: clients tidy such paths up before they send them.
    const { text } = await exchange(playhead.port, get(target, 'Connection: close'));
    expect(text).toMatch(/^HTTP\/1\.1 40[034] /);
    expect(text).toMatch(/content-type: application\/problem\+json/i);
    expect(text).not.toMatch(/location:/i);
    expect(text).not.toContain('TOPSECRET');
    expect(text).not.toContain(outside);
    expect(text).not.toMatch(/node_modules|\.js:\d|ENO|EACC/);
  });

  it('misses a FIFO at once instead of waiting for its writer', async () => {
    expect((await playhead.http.get('/files/pipe.mp4')).status).toBe(404);
  });

  it.each([
    ['/files', '/api/v1/entries/'],
    ['/files/', '/api/v1/entries/'],
    ['/files/sub%20folder', '/api/v1/entries/sub%20folder'],
    ['/files/sub%20folder/', '/api/v1/entries/sub%20folder'],
  ])('has no bytes for the folder %s, and names its listing', async (url, listing) => {
    const reply = await playhead.http.get(url);
    expect(reply.status).toBe(404);
    expect(reply.json).toMatchObject({ type: '/problems/not-found', listing });
  });

  it('serves hidden files when told to', async () => {
    const open = await startPlayhead({ root: playhead.root, hidden: true });
    try {
      expect((await open.http.get('/files/.hidden.mp4')).text).toBe('hidden');
    } finally {
      await open.close();
    }
  });

  it.each([
    ['', undefined],
    ['?download', 'attachment; filename="plain.mp4"'],
    ['?download=1', 'attachment; filename="plain.mp4"'],
    ['?download=0', undefined],
    ['?download=false', undefined],
  ])('plain.mp4%s is offered as %s', async (query, disposition) => {
    const { headers } = await playhead.http.get(`/files/plain.mp4${query}`);
    expect(headers['content-disposition']).toBe(disposition);
  });

  it('gives a download its whole name', async () => {
    const { headers } = await playhead.http.head(`/files/${encodeURIComponent('夏の歌 🎬.mp4')}?download`);
    expect(headers['content-disposition']).toBe(
      `attachment; filename="___ _.mp4"; filename*=UTF-8''${encodeURIComponent('夏の歌 🎬.mp4')}`,
    );
  });
});
