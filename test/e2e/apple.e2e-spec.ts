import { readFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Reply } from '../support/http-client.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { fileUrl, MEDIA, SAMPLES } from '../support/samples.js';

/** What AppleCoreMedia sends along with every request. */
const APPLE = {
  Accept: '*/*',
  'Accept-Encoding': 'identity',
  'Accept-Language': 'en-GB,en;q=0.9',
  Connection: 'keep-alive',
  'User-Agent': 'AppleCoreMedia/1.0.0.22F82 (iPhone; U; CPU OS 18_5 like Mac OS X; en_gb)',
  'X-Playback-Session-Id': '7B9C4C6E-2D3C-4C5F-8E62-0B8B6F6C7F10',
};

/**
 * Safari and iOS cannot run here, so the requests they make are replayed. A wrong answer to the first, two bytes
 * long, is what made an MP3 a live broadcast without duration.
 */
describe("Apple's media clients", () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead({ root: SAMPLES });
  });
  afterAll(() => playhead.close());

  describe.each(MEDIA.map((sample) => [sample.path, sample] as const))('%s', (_, sample) => {
    let content: Buffer;
    let etag: string;
    const get = (range: string, headers = {}) =>
      playhead.http.get(fileUrl(sample.path), { ...APPLE, Range: range, ...headers });
    const expectSlice = (reply: Reply, first: number, last: number) => {
      expect(reply.status).toBe(206);
      expect(reply.headers).toMatchObject({
        'content-range': `bytes ${first}-${last}/${content.length}`,
        'content-length': String(last - first + 1),
        'content-type': sample.mediaType,
        'accept-ranges': 'bytes',
      });
      expect(reply.headers).not.toHaveProperty('content-encoding');
      expect(reply.headers).not.toHaveProperty('transfer-encoding');
      expect(reply.headers.etag).toMatch(/^"/);
      expect(reply.body.equals(content.subarray(first, last + 1))).toBe(true);
    };
    beforeAll(async () => {
      content = await readFile(path.join(SAMPLES, sample.path));
    });

    it('probes with two bytes, then asks for everything', async () => {
      const probe = await get('bytes=0-1');
      expectSlice(probe, 0, 1);
      etag = probe.headers.etag!;
      const whole = await get(`bytes=0-${content.length - 1}`);
      expectSlice(whole, 0, content.length - 1);
      expect(whole.headers.etag).toBe(etag);
    });

    it('reads the tail, and goes on by tag where it stopped', async () => {
      const size = content.length;
      const tail = size - Math.min(size, 65_536);
      expectSlice(await get(`bytes=${tail}-${size - 1}`), tail, size - 1);
      const half = Math.floor(size / 2);
      expectSlice(await get(`bytes=${half}-`, { 'If-Range': etag }), half, size - 1);
    });

    it('asks for many small parts at once', async () => {
      const parts = Array.from({ length: 12 }, (__, index) => Math.floor((content.length * index) / 13));
      await Promise.all(
        parts.map(async (first) =>
          expectSlice(
            await get(`bytes=${first}-${first + 999}`),
            first,
            Math.min(first + 999, content.length - 1),
          ),
        ),
      );
    });
  });

  it('breaks off the long answer and asks again on the same page, over and over', async () => {
    const target = fileUrl('video/mp4-moov-last.mp4');
    for (let round = 0; round < 20; round++) {
      const socket = net.connect(playhead.port, '127.0.0.1');
      socket.write(`GET ${target} HTTP/1.1\r\nHost: a\r\nRange: bytes=${round * 1000}-\r\n\r\n`);
      await new Promise((resolve) => socket.once('data', resolve));
      socket.destroy();
      const probe = await playhead.http.get(target, { ...APPLE, Range: 'bytes=0-1' });
      expect(probe.status).toBe(206);
    }
    expect(playhead.log.filter(({ level }) => level >= 40)).toEqual([]);
  });
});
