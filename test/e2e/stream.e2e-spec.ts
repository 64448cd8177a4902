import { readFileSync } from 'node:fs';
import { open, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemorySource } from '../../src/core/bytes/index.js';
import { planRepairs, REPAIRS } from '../../src/core/repairs/index.js';
import { largeHeader } from '../support/isobmff/box-builder.js';
import { co64, ftyp, moov, noise, stsz, trak } from '../support/isobmff/movie-builder.js';
import { partsOf } from '../support/multipart.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { MEDIA, SAMPLES } from '../support/samples.js';

const SLOW = 'video/mp4-moov-last.mp4';
const NOT_REPAIRED = [
  'video/mp4-moov-first.mp4',
  'video/matroska.mkv',
  'video/webm-vp9-opus.webm',
  'audio/mp3-cbr.mp3',
  'audio/mp3-vbr-xing.mp3',
  'audio/pcm.wav',
];
const escaped = (name: string) => name.split('/').map(encodeURIComponent).join('/');
const stored = (name: string) => readFileSync(path.join(SAMPLES, name));

describe('/stream of the samples', () => {
  let playhead: Playhead;
  let repaired: Buffer;
  beforeAll(async () => {
    playhead = await startPlayhead({ root: SAMPLES });
    const { map } = await planRepairs(new MemorySource(stored(SLOW)), REPAIRS);
    repaired = await buffer(map!.stream(0, map!.size));
  });
  afterAll(() => playhead.close());

  it.each(MEDIA.map((sample) => [sample.path, sample] as const))(
    'sends %s as the repairs make it',
    async (name, { mediaType }) => {
      const { map } = await planRepairs(new MemorySource(stored(name)), REPAIRS);
      const expected = map ? await buffer(map.stream(0, map.size)) : stored(name);
      const reply = await playhead.http.get(`/stream/${escaped(name)}`);
      expect(reply.status).toBe(200);
      expect(reply.body.equals(expected)).toBe(true);
      expect(reply.headers).toMatchObject({
        'content-type': mediaType,
        'content-length': String(expected.length),
        'accept-ranges': 'bytes',
        'server-timing': expect.stringMatching(/^repair;dur=\d/),
      });
      expect(reply.headers['content-disposition']).toBeUndefined();
      if (NOT_REPAIRED.includes(name)) expect(map).toBeUndefined();
      const file = await playhead.http.head(`/files/${escaped(name)}`);
      if (map) expect(reply.headers.etag).not.toBe(file.headers.etag);
      else expect(reply.headers.etag).toBe(file.headers.etag);
      expect(reply.headers['last-modified']).toBe(file.headers['last-modified']);
    },
  );

  it.each([
    'bytes=0-1',
    'bytes=0-',
    'bytes=40-40',
    'bytes=0-70000',
    'bytes=5000-9000',
    'bytes=-1',
    'bytes=-70000',
    'bytes=0-999999999',
  ])('takes %s', async (range) => {
    const reply = await playhead.http.get(`/stream/${SLOW}`, { Range: range });
    expect(reply.status).toBe(206);
    const [, first, last, size] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(reply.headers['content-range']!)!;
    expect(Number(size)).toBe(repaired.length);
    expect(reply.body.equals(repaired.subarray(Number(first), Number(last) + 1))).toBe(true);
  });

  it('takes several ranges, across what is in memory and what is in the file', async () => {
    const reply = await playhead.http.get(`/stream/${SLOW}`, { Range: 'bytes=0-99,20000-20099,-100' });
    expect(reply.status).toBe(206);
    const parts = partsOf(reply);
    expect(parts.map(({ body }) => body)).toEqual([
      repaired.subarray(0, 100),
      repaired.subarray(20_000, 20_100),
      repaired.subarray(-100),
    ]);
  });

  it('has conditions of its own tag', async () => {
    const [stream, file] = await Promise.all([
      playhead.http.head(`/stream/${SLOW}`),
      playhead.http.head(`/files/${SLOW}`),
    ]);
    const get = (headers: Record<string, string>) => playhead.http.get(`/stream/${SLOW}`, headers);
    const [own, other] = [stream.headers.etag!, file.headers.etag!];
    expect((await get({ 'If-None-Match': own })).status).toBe(304);
    expect((await get({ 'If-None-Match': other })).status).toBe(200);
    expect((await get({ 'If-Match': other })).status).toBe(412);
    expect((await get({ 'If-Range': own, Range: 'bytes=0-1' })).status).toBe(206);
    const mixed = await get({ 'If-Range': other, Range: 'bytes=0-1' });
    expect(mixed.status).toBe(200);
    expect(mixed.body.equals(repaired)).toBe(true);
    const beyond = await get({ Range: `bytes=${repaired.length}-` });
    expect(beyond.status).toBe(416);
    expect(beyond.headers['content-range']).toBe(`bytes */${repaired.length}`);
  });

  it('has the same tag after a restart', async () => {
    const again = await startPlayhead({ root: SAMPLES });
    try {
      const [first, second] = await Promise.all([
        playhead.http.head(`/stream/${SLOW}`),
        again.http.head(`/stream/${SLOW}`),
      ]);
      expect(second.headers.etag).toBe(first.headers.etag);
    } finally {
      await again.close();
    }
  });

  it('sends what is no media as it is, and folders not at all', async () => {
    const text = await playhead.http.get('/stream/documents/notes.txt');
    expect(text.body.equals(stored('documents/notes.txt'))).toBe(true);
    expect(text.headers['content-type']).toBe('text/plain; charset=utf-8');
    for (const folder of ['/stream', '/stream/', '/stream/video', '/stream/video/']) {
      const reply = await playhead.http.get(folder);
      expect(reply.status).toBe(404);
      expect(reply.json.listing).toBe(
        folder.includes('video') ? '/api/v1/entries/video' : '/api/v1/entries/',
      );
    }
    expect((await playhead.http.get('/stream/nothing.mp4')).status).toBe(404);
    expect((await playhead.http.send(`/stream/${SLOW}`, { method: 'DELETE' })).status).toBe(405);
  });

  it('is linked from the entry and the inspection, which tells what is different', async () => {
    const entry = await playhead.http.get(`/api/v1/entries/${SLOW}`);
    expect(entry.json.links).toMatchObject({ stream: `/stream/${SLOW}` });
    const inspection = await playhead.http.get(`/api/v1/inspections/${SLOW}`);
    expect(inspection.json).toMatchObject({
      links: { stream: `/stream/${SLOW}` },
      repairs: [{ repair: 'faststart', state: 'applied', changes: [expect.any(String)] }],
    });
  });
});

describe('/stream of files that change or cannot be repaired', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead();
  });
  afterAll(() => playhead.close());
  const at = (name: string) => path.join(playhead.root, name);

  it('sends the original of what cannot be repaired, and the inspection says why', async () => {
    const whole = stored(SLOW);
    const cut = whole.subarray(0, whole.length - 1000);
    await writeFile(at('cut.mp4'), cut);
    const reply = await playhead.http.get('/stream/cut.mp4');
    expect(reply.status).toBe(200);
    expect(reply.body.equals(cut)).toBe(true);
    const inspection = await playhead.http.get('/api/v1/inspections/cut.mp4');
    expect(inspection.json.repairs).toEqual([
      { repair: 'faststart', state: 'impossible', reason: 'truncated', message: expect.any(String) },
    ]);
  });

  it('repairs what takes the name, from the next request on', async () => {
    await writeFile(at('film.mp4'), stored('video/mp4-moov-first.mp4'));
    const before = await playhead.http.get('/stream/film.mp4');
    expect(before.body.equals(stored('video/mp4-moov-first.mp4'))).toBe(true);
    await writeFile(at('next.mp4'), stored(SLOW));
    await rename(at('next.mp4'), at('film.mp4'));
    const after = await playhead.http.get('/stream/film.mp4');
    expect(after.headers.etag).not.toBe(before.headers.etag);
    expect(after.body.length).toBe(stored(SLOW).length);
    expect(after.body.indexOf('moov')).toBeLessThan(after.body.indexOf('mdat'));
  });

  it('goes by the bytes where the name says something else', async () => {
    await writeFile(at('sound.mp4'), stored('audio/mp3-cbr.mp3'));
    await writeFile(at('film.bin'), stored('video/mp4-moov-first.mp4'));
    await writeFile(at('speech'), stored('audio/ogg-opus.ogg'));
    const typeOf = async (name: string) =>
      (await playhead.http.head(`/stream/${name}`)).headers['content-type'];
    expect(await typeOf('sound.mp4')).toBe('audio/mpeg');
    expect(await typeOf('film.bin')).toBe('video/mp4');
    expect(await typeOf('speech')).toBe('audio/ogg');
    expect((await playhead.http.head('/files/sound.mp4')).headers['content-type']).toBe('video/mp4');
  });

  it('repairs 5 GiB as fast as 5 MB, many asking at once', async () => {
    const media = 5 * 2 ** 30;
    const head = ftyp('isom', 'mp41');
    const start = head.length + 16;
    const table = moov({
      tracks: [trak({ sampleSizes: stsz(2, 20), chunkOffsets: co64(start, start + media - 20) })],
    });
    const file = await open(at('huge.mp4'), 'w');
    await file.write(Buffer.concat([head, largeHeader('mdat', media + 16), noise(20)]), 0);
    await file.write(Buffer.concat([noise(20, 2), table]), undefined, undefined, start + media - 20);
    await file.close();
    const replies = await Promise.all(
      Array.from({ length: 30 }, () => playhead.http.get('/stream/huge.mp4', { Range: 'bytes=-20' })),
    );
    for (const { status, headers, body } of replies) {
      expect(status).toBe(206);
      expect(body.equals(noise(20, 2))).toBe(true);
      expect(headers['content-range']).toMatch(`/${start + media + table.length}`);
    }
    const first = await playhead.http.get('/stream/huge.mp4', {
      Range: `bytes=0-${head.length + table.length + 35}`,
    });
    expect(first.body.subarray(head.length + 4, head.length + 8).toString()).toBe('moov');
    expect(first.body.subarray(-20).equals(noise(20))).toBe(true);
  });
});
