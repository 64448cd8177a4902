import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlayhead, type Playhead } from '../support/playhead.js';

const SIZE = 10_000;
const bytes = Buffer.from(Array.from({ length: SIZE }, (_, index) => (index * 7 + (index >> 8)) & 0xff));

describe('byte ranges', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead();
    await writeFile(path.join(playhead.root, 'film.mp4'), bytes);
    await writeFile(path.join(playhead.root, 'empty.mp4'), '');
  });
  afterAll(() => playhead.close());
  const get = (range: string, file = 'film.mp4') => playhead.http.get(`/files/${file}`, { Range: range });

  it('sends the whole file without a Range, and says that it takes ranges', async () => {
    const reply = await playhead.http.get('/files/film.mp4');
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': String(SIZE),
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
    });
    expect(reply.body.equals(bytes)).toBe(true);
  });

  it.each([
    ['bytes=0-1', 0, 1],
    ['bytes=0-0', 0, 0],
    ['bytes=0-', 0, 9999],
    ['bytes=500-', 500, 9999],
    ['bytes=9999-', 9999, 9999],
    ['bytes=-1', 9999, 9999],
    ['bytes=-500', 9500, 9999],
    ['bytes=-10000', 0, 9999],
    ['bytes=-20000', 0, 9999],
    ['bytes=100-99999', 100, 9999],
    ['bytes=100-18446744073709551616', 100, 9999],
    ['bytes=-18446744073709551617', 0, 9999],
    ['BYTES=5-9', 5, 9],
    ['bytes=,5-9,', 5, 9],
    ['bytes= 5-9 ', 5, 9],
    ['bytes=5-9,99999-', 5, 9],
    ['bytes=0-99,50-199', 0, 199],
  ])('%s is bytes %d to %d', async (range, first, last) => {
    const reply = await get(range);
    expect(reply.status).toBe(206);
    expect(reply.headers['content-range']).toBe(`bytes ${first}-${last}/${SIZE}`);
    expect(reply.headers['content-length']).toBe(String(last - first + 1));
    expect(reply.headers.etag).toBeDefined();
    expect(reply.body.equals(bytes.subarray(first, last + 1))).toBe(true);
  });
});
