import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, readlink, rename, truncate, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { begin, get, rest } from '../support/raw-socket.js';

const SIZE = 64 * 2 ** 20;

describe('transfers', () => {
  let playhead: Playhead;
  let file: string;
  let original: string;
  beforeAll(async () => {
    playhead = await startPlayhead();
    file = path.join(playhead.root, 'film.mp4');
    const content = randomBytes(SIZE);
    original = sha256(content);
    await writeFile(file, content);
  });
  afterEach(async () => {
    await until(async () => (await openFiles()) === 0);
  });
  afterAll(() => playhead.close());

  /** How many descriptors this process, which is the server, holds on files below the root. */
  async function openFiles(): Promise<number> {
    const links = (await readdir('/proc/self/fd')).map((fd) =>
      readlink(`/proc/self/fd/${fd}`).catch(() => ''),
    );
    return (await Promise.all(links)).filter((link) => link.startsWith(playhead.root)).length;
  }

  const errors = () => playhead.log.filter(({ level }) => level >= 40);

  it('survives 200 aborted downloads without an open descriptor or a logged error', async () => {
    const before = errors().length;
    for (let round = 0; round < 4; round++) {
      const sockets = await Promise.all(
        Array.from({ length: 50 }, () => begin(playhead.port, get('/files/film.mp4'))),
      );
      // Those that came when it was open already share it.
      const open = await openFiles();
      expect(open).toBeGreaterThan(0);
      expect(open).toBeLessThanOrEqual(50);
      sockets.forEach((socket) => socket.destroy());
      await until(async () => (await openFiles()) === 0);
    }
    expect(errors()).toHaveLength(before);
    expect(playhead.log.find(({ msg }) => msg.includes('broken off'))).toMatchObject({ level: 20 });
  });

  it.each([
    ['at once', 0],
    ['after a moment', 5],
    ['while bytes are on their way', 30],
  ])('survives connections that are reset %s', async (_, ms) => {
    const before = errors().length;
    const sockets = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const socket = await begin(playhead.port, get('/files/film.mp4'));
        socket.resume();
        return socket;
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, ms));
    sockets.forEach((socket) => socket.resetAndDestroy());
    await until(async () => (await openFiles()) === 0);
    expect(errors()).toHaveLength(before);
  });

  it('lets go of everything queued on a connection that goes away', async () => {
    const socket = await begin(playhead.port, ...Array.from({ length: 20 }, () => get('/files/film.mp4')));
    // One at a time, however many wait: a connection must not cost a descriptor for each request in its pipeline.
    expect(await openFiles()).toBe(1);
    socket.destroy();
    await until(async () => (await openFiles()) === 0);
  });

  it('lets go of an aborted multi-range transfer', async () => {
    const socket = await begin(
      playhead.port,
      get('/files/film.mp4', `Range: bytes=0-${SIZE / 4},${SIZE / 2}-`),
    );
    socket.destroy();
    await until(async () => (await openFiles()) === 0);
  });

  it('goes on sending the old file when another one takes its name', async () => {
    const socket = await begin(playhead.port, get('/files/film.mp4', 'Connection: close'));
    await writeFile(path.join(playhead.root, 'new'), randomBytes(SIZE));
    await rename(path.join(playhead.root, 'new'), file);
    const body = await rest(socket);
    // The first chunk is gone with `begin`: what came after it must be the old file's end.
    expect(body.length).toBeGreaterThan(SIZE / 2);
    const fresh = await playhead.http.get('/files/film.mp4');
    expect(sha256(fresh.body)).not.toBe(original);
    expect(fresh.body.subarray(-1000).equals(body.subarray(-1000))).toBe(false);
  });

  it('sends whole files whole, many at once', async () => {
    const replies = await Promise.all(Array.from({ length: 4 }, () => playhead.http.get('/files/film.mp4')));
    const expected = sha256(replies[0]!.body);
    for (const { body } of replies) {
      expect(body).toHaveLength(SIZE);
      expect(sha256(body)).toBe(expected);
    }
  });

  it('sends what the file was when opened, though it grows', async () => {
    const socket = await begin(playhead.port, get('/files/film.mp4', 'Connection: close'));
    const handle = await open(file, 'a');
    await handle.write('a surplus that no client asked for');
    await handle.close();
    const body = await rest(socket);
    expect(body.includes('a surplus that no client asked for')).toBe(false);
    await truncate(file, SIZE);
  });

  it('breaks the connection when the file shrinks, and logs it once', async () => {
    const before = errors().length;
    const socket = await begin(
      playhead.port,
      get('/files/film.mp4'),
      get('/files/film.mp4', 'Range: bytes=0-1'),
    );
    await truncate(file, 1000);
    const body = await rest(socket);
    expect(body.length).toBeLessThan(SIZE);
    expect(body.includes('206 Partial')).toBe(false);
    await until(async () => errors().length > before);
    const logged = errors().slice(before);
    expect(logged).toHaveLength(1);
    expect(logged[0]!.msg).toMatch(/shrank/);
    expect(JSON.stringify(logged)).not.toContain(playhead.root);
  });

  it('answers pipelined requests in order', async () => {
    await writeFile(path.join(playhead.root, 'a.txt'), 'first');
    await writeFile(path.join(playhead.root, 'b.txt'), 'second');
    const socket = net.connect(playhead.port, '127.0.0.1');
    socket.write(
      get('/files/a.txt') +
        get('/files/b.txt', 'Range: bytes=0-2') +
        get('/files/missing') +
        get('/files/a.txt').replace('GET', 'HEAD') +
        get('/files/b.txt', 'Range: bytes=99-') +
        get('/files/b.txt', 'Connection: close'),
    );
    const text = (await rest(socket)).toString();
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(
      ['200', '206', '404', '200', '416', '200'].map((code) => `HTTP/1.1 ${code}`),
    );
    expect(text).toMatch(/\r\n\r\nfirstHTTP[^]*\r\n\r\nsecHTTP[^]*\r\n\r\nsecond$/);
  });
});

/** Waits for a state that must come within a second. */
async function until(reached: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt++) {
    if (await reached()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('never reached');
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
