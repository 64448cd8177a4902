import { open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { partsOf } from '../support/multipart.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';

const SIZE = 10_000;
const HUGE = 5 * 2 ** 30;
const bytes = Buffer.from(Array.from({ length: SIZE }, (_, index) => (index * 7 + (index >> 8)) & 0xff));

describe('byte ranges', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead();
    await writeFile(path.join(playhead.root, 'film.mp4'), bytes);
    await writeFile(path.join(playhead.root, 'empty.mp4'), '');
    const huge = await open(path.join(playhead.root, 'huge.mp4'), 'w');
    await huge.truncate(HUGE);
    await huge.write('end', HUGE - 3);
    await huge.close();
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

  it.each([
    'bytes=5-2',
    'bytes=',
    'bytes=x',
    'bytes=0x0-0x1',
    'bytes=1.5-2',
    'bytes=0-1,5-2',
    'lines=0-1',
    'bytes 0-1',
  ])('ignores %s and sends the whole file', async (range) => {
    const reply = await get(range);
    expect(reply.status).toBe(200);
    expect(reply.headers['content-range']).toBeUndefined();
    expect(reply.body.equals(bytes)).toBe(true);
  });

  it.each([
    'bytes=10000-',
    'bytes=99999-',
    'bytes=18446744073709551616-',
    'bytes=-0',
    'bytes=10000-,20000-30000',
  ])('answers %s by 416 with the size, and nothing of the file', async (range) => {
    const reply = await get(range);
    expect(reply.status).toBe(416);
    expect(reply.headers['content-range']).toBe(`bytes */${SIZE}`);
    expect(reply.headers['content-type']).toBe('application/problem+json');
    expect(reply.headers.etag).toBeUndefined();
    expect(reply.json).toMatchObject({ type: '/problems/range-not-satisfiable', status: 416, size: SIZE });
  });

  it('sends several ranges as parts in the order asked', async () => {
    const reply = await get('bytes=9000-9004,0-1,-2');
    expect(reply.status).toBe(206);
    expect(reply.headers['content-range']).toBeUndefined();
    expect(reply.headers['content-length']).toBe(String(reply.body.length));
    expect(partsOf(reply)).toEqual([
      { type: 'video/mp4', range: `bytes 9000-9004/${SIZE}`, body: bytes.subarray(9000, 9005) },
      { type: 'video/mp4', range: `bytes 0-1/${SIZE}`, body: bytes.subarray(0, 2) },
      { type: 'video/mp4', range: `bytes 9998-9999/${SIZE}`, body: bytes.subarray(9998) },
    ]);
  });

  it.each([
    ['1,000 single bytes', Array.from({ length: 1000 }, (_, index) => `${index * 10}-${index * 10}`)],
    ['1,000 times the whole file', Array.from({ length: 1000 }, () => '0-')],
    ['1,000 overlapping ranges', Array.from({ length: 1000 }, (_, index) => `${index}-`)],
    ['1,000 suffixes', Array.from({ length: 1000 }, (_, index) => `-${index + 1}`)],
  ])('sends %s for about the price of the file (CVE-2011-3192)', async (_, ranges) => {
    const reply = await get(`bytes=${ranges.join(',')}`);
    expect([200, 206]).toContain(reply.status);
    expect(reply.body.length).toBeLessThanOrEqual(SIZE + 500);
  });

  it.each([
    ['bytes=0-', 416],
    ['bytes=0-1', 416],
    ['bytes=-1', 200],
    ['bytes=1-0', 200],
  ])('answers %s of an empty file by %d', async (range, status) => {
    const reply = await get(range, 'empty.mp4');
    expect(reply.status).toBe(status);
    if (status === 416) expect(reply.headers['content-range']).toBe('bytes */0');
    else expect(reply.body).toHaveLength(0);
  });

  it('is exact far beyond 4 GiB', async () => {
    const reply = await get(`bytes=${HUGE - 4}-`, 'huge.mp4');
    expect(reply.headers['content-range']).toBe(`bytes ${HUGE - 4}-${HUGE - 1}/${HUGE}`);
    expect(reply.body.toString('latin1')).toBe('\0end');
    expect((await get('bytes=-3', 'huge.mp4')).text).toBe('end');
  });

  it('answers HEAD as a GET without Range, and reads nothing (RFC 9110 §14.2)', async () => {
    for (const range of ['bytes=0-1', 'bytes=99999-']) {
      const reply = await playhead.http.head('/files/huge.mp4', { Range: range });
      expect(reply.status).toBe(200);
      expect(reply.headers['content-length']).toBe(String(HUGE));
      expect(reply.headers['content-range']).toBeUndefined();
      expect(reply.headers['accept-ranges']).toBe('bytes');
    }
  });

  it('never compresses media, whatever the client accepts', async () => {
    const reply = await playhead.http.get('/files/film.mp4', {
      'Accept-Encoding': 'gzip, br, zstd, deflate, *',
    });
    expect(reply.headers['content-encoding']).toBeUndefined();
    expect(reply.headers['cache-control']).toContain('no-transform');
    expect(reply.headers['cache-control']).not.toContain('no-store');
    expect(reply.body.equals(bytes)).toBe(true);
  });
});
