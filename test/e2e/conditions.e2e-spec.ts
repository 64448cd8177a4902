import { rename, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlayhead, type Playhead } from '../support/playhead.js';

const MODIFIED = Date.UTC(2024, 5, 1, 12, 0, 0);
const date = (offset: number) => new Date(MODIFIED + offset).toUTCString();

describe('conditional requests', () => {
  let playhead: Playhead;
  let file: string;
  let etag: string;
  beforeAll(async () => {
    playhead = await startPlayhead();
    file = path.join(playhead.root, 'song.mp3');
    await writeFile(file, 'original');
    await utimes(file, MODIFIED / 1000, MODIFIED / 1000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    etag = (await playhead.http.get('/files/song.mp3')).headers.etag!;
  });
  afterAll(() => playhead.close());
  const get = (headers: Record<string, string | string[]>) => playhead.http.get('/files/song.mp3', headers);

  it('sends a strong tag, the modification date, and asks caches to revalidate', async () => {
    const { headers } = await get({});
    expect(headers.etag).toMatch(/^"[\w-]+"$/);
    expect(headers['last-modified']).toBe(date(0));
    expect(headers['cache-control']).toBe('no-cache, no-transform');
    expect(headers.etag).toBe(etag);
  });

  it.each([
    ['If-None-Match, equal', () => ({ 'If-None-Match': etag }), 304],
    ['If-None-Match, weak', () => ({ 'If-None-Match': `W/${etag}` }), 304],
    ['If-None-Match, in a list', () => ({ 'If-None-Match': `"x", ${etag}` }), 304],
    ['If-None-Match, any', () => ({ 'If-None-Match': '*' }), 304],
    ['If-None-Match, another', () => ({ 'If-None-Match': '"x"' }), 200],
    ['If-Modified-Since, same', () => ({ 'If-Modified-Since': date(0) }), 304],
    ['If-Modified-Since, earlier', () => ({ 'If-Modified-Since': date(-1000) }), 200],
    ['If-Modified-Since, no HTTP date', () => ({ 'If-Modified-Since': '2099-01-01' }), 200],
    ['If-Match, equal', () => ({ 'If-Match': etag }), 200],
    ['If-Match, weak', () => ({ 'If-Match': `W/${etag}` }), 412],
    ['If-Match, another', () => ({ 'If-Match': '"x"' }), 412],
    ['If-Unmodified-Since, earlier', () => ({ 'If-Unmodified-Since': date(-1000) }), 412],
    ['If-Unmodified-Since, same', () => ({ 'If-Unmodified-Since': date(0) }), 200],
    [
      'If-Match wins over If-Unmodified-Since',
      () => ({ 'If-Match': etag, 'If-Unmodified-Since': date(-1000) }),
      200,
    ],
    [
      'If-None-Match wins over If-Modified-Since',
      () => ({ 'If-None-Match': '"x"', 'If-Modified-Since': date(0) }),
      200,
    ],
    ['a precondition wins over Range', () => ({ 'If-None-Match': etag, Range: 'bytes=0-1' }), 304],
    ['If-Range, equal', () => ({ 'If-Range': etag, Range: 'bytes=0-1' }), 206],
    ['If-Range, weak', () => ({ 'If-Range': `W/${etag}`, Range: 'bytes=0-1' }), 200],
    ['If-Range, another', () => ({ 'If-Range': '"x"', Range: 'bytes=0-1' }), 200],
    ['If-Range, the exact date', () => ({ 'If-Range': date(0), Range: 'bytes=0-1' }), 206],
    ['If-Range, a later date', () => ({ 'If-Range': date(1000), Range: 'bytes=0-1' }), 200],
    ['If-Range, an earlier date', () => ({ 'If-Range': date(-1000), Range: 'bytes=0-1' }), 200],
    ['If-Range without Range', () => ({ 'If-Range': '"x"' }), 200],
  ])('%s', async (_, headers, status) => {
    const reply = await get(headers());
    expect(reply.status).toBe(status);
    if (status === 200) expect(reply.text).toBe('original');
    if (status === 412) expect(reply.json).toMatchObject({ type: '/problems/precondition-failed' });
  });

  it('ignores a date given twice (RFC 9110 §13.1.3, §13.1.4)', async () => {
    expect((await get({ 'If-Modified-Since': [date(0), date(0)] })).status).toBe(200);
    expect((await get({ 'If-Unmodified-Since': [date(-1000), date(0)] })).status).toBe(200);
  });

  it('answers 304 with what a cache updates, and no body or type', async () => {
    for (const send of ['get', 'head'] as const) {
      const { status, headers, body } = await playhead.http[send]('/files/song.mp3', {
        'If-None-Match': etag,
      });
      expect(status).toBe(304);
      expect(headers).toMatchObject({
        etag,
        'cache-control': 'no-cache, no-transform',
        date: expect.any(String),
      });
      expect(headers).not.toHaveProperty('content-type');
      expect(headers).not.toHaveProperty('content-length');
      expect(body).toHaveLength(0);
    }
  });

  it('does not splice a file that was replaced by an older one', async () => {
    const older = path.join(playhead.root, 'older');
    await writeFile(older, 'replaced');
    await utimes(older, MODIFIED / 1000 - 60, MODIFIED / 1000 - 60);
    await rename(older, path.join(playhead.root, 'replaced.mp3'));
    const reply = await playhead.http.get('/files/replaced.mp3', { 'If-Range': date(0), Range: 'bytes=4-' });
    expect(reply.status).toBe(200);
    expect(reply.text).toBe('replaced');
  });

  it('never dates a file after the answer', async () => {
    const future = path.join(playhead.root, 'future.mp3');
    await writeFile(future, 'x');
    await utimes(future, Date.now() / 1000 + 86_400, Date.now() / 1000 + 86_400);
    const { headers } = await playhead.http.get('/files/future.mp3');
    expect(Date.parse(headers['last-modified']!)).toBeLessThanOrEqual(Date.parse(headers.date!));
  });

  it('shows an edit of the same size within the same second', async () => {
    const edited = path.join(playhead.root, 'edited.mp3');
    const tags = new Set<string>();
    for (const content of ['aaaa', 'bbbb', 'cccc']) {
      await writeFile(edited, content);
      await utimes(edited, MODIFIED / 1000, MODIFIED / 1000);
      tags.add((await playhead.http.get('/files/edited.mp3')).headers.etag!);
    }
    expect(tags.size).toBe(3);
  });
});
