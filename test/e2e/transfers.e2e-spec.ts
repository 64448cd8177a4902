import { createHash, randomBytes, randomInt } from 'node:crypto';
import { open, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { breakOff, DEPARTURES, type Departure } from '../support/break-off.js';
import { HttpClient } from '../support/http-client.js';
import { writeLargeMovie } from '../support/large-movie.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { PlayheadProcess, PROJECT } from '../support/playhead-process.js';
import { bytesRead, descriptors, residentBytes } from '../support/process-state.js';
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
    await until(() => openFiles() === 0);
  });
  afterAll(() => playhead.close());

  /** How many descriptors this process, which is the server, holds on files below the root. */
  const openFiles = () => descriptors(process.pid).filter((name) => name.startsWith(playhead.root)).length;

  const errors = () => playhead.log.filter(({ level }) => level >= 40);

  it('survives 200 aborted downloads without an open descriptor or a logged error', async () => {
    const before = errors().length;
    for (let round = 0; round < 4; round++) {
      const sockets = await Promise.all(
        Array.from({ length: 50 }, () => begin(playhead.port, get('/files/film.mp4'))),
      );
      // Those that came when it was open already share it.
      const open = openFiles();
      expect(open).toBeGreaterThan(0);
      expect(open).toBeLessThanOrEqual(50);
      sockets.forEach((socket) => socket.destroy());
      await until(() => openFiles() === 0);
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
    await until(() => openFiles() === 0);
    expect(errors()).toHaveLength(before);
  });

  it('lets go of everything queued on a connection that goes away', async () => {
    const socket = await begin(playhead.port, ...Array.from({ length: 20 }, () => get('/files/film.mp4')));
    // One at a time, however many wait: a connection must not cost a descriptor for each request in its pipeline.
    expect(openFiles()).toBe(1);
    socket.destroy();
    await until(() => openFiles() === 0);
  });

  it('lets go of an aborted multi-range transfer', async () => {
    const socket = await begin(
      playhead.port,
      get('/files/film.mp4', `Range: bytes=0-${SIZE / 4},${SIZE / 2}-`),
    );
    socket.destroy();
    await until(() => openFiles() === 0);
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
    await until(() => errors().length > before);
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

describe('transfers of the program', () => {
  /** Makes Node collect garbage on SIGUSR2. */
  const COLLECTING = ['--expose-gc', '--import', 'data:text/javascript,process.on("SIGUSR2", () => gc())'];
  const FILM = 32;
  let root: string;
  let film: Buffer;
  let program: PlayheadProcess;
  let port: number;
  let http: HttpClient;
  beforeAll(async () => {
    root = await makeFolder();
    // Its moov box comes last: /stream sends another layout than /files.
    await writeLargeMovie(path.join(root, 'film.mp4'), FILM);
    film = await readFile(path.join(root, 'film.mp4'));
  });
  beforeEach(async () => {
    const cli = path.join(PROJECT, 'dist/cli.js');
    program = PlayheadProcess.launch(process.execPath, [
      ...COLLECTING,
      cli,
      root,
      '--port',
      '0',
      '--log-level',
      'warn',
    ]);
    ({ port } = await program.listening());
    http = new HttpClient(port);
  });
  afterEach(() => program.kill());
  afterAll(() => rm(root, { recursive: true }));

  /** The value of a metric, its labels being part of its name. */
  async function metric(name: string): Promise<number> {
    const { text } = await http.get('/metrics');
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
    return Number(line!.slice(name.length));
  }

  /** What the process holds once garbage is collected, in bytes. */
  async function memory() {
    for (let round = 0; round < 2; round++) {
      program.signal('SIGUSR2');
      await sleep(100);
    }
    const external = await metric('nodejs_external_memory_bytes');
    return {
      external,
      live: external + (await metric('nodejs_heap_size_used_bytes')),
      resident: residentBytes(program.pid),
    };
  }

  const openFiles = () => descriptors(program.pid).filter((name) => name.startsWith(root)).length;
  const openSockets = () => descriptors(program.pid).filter((name) => name.startsWith('socket:')).length;

  it('leave nothing behind when 10,000 of them are broken off at random moments', async () => {
    const MEASURED = 2000;
    const AT_ONCE = 64;
    const listening = openSockets();
    const repaired = (await http.get('/stream/film.mp4')).body;
    expect(repaired.equals(film)).toBe(false);

    const read = new Map<Departure, number>(DEPARTURES.map((departure) => [departure, 0]));
    const abort = async (index: number) => {
      const departure = DEPARTURES[index % 4]!;
      const kind = Math.floor(index / 4) % 3;
      const url = Math.floor(index / 12) % 2 === 0 ? '/files/film.mp4' : '/stream/film.mp4';
      const first = randomInt(film.length / 2);
      const range = [
        undefined,
        `Range: bytes=${first}-${first + 256 * 1024 - 1}`,
        `Range: bytes=${first}-${first + 150_000},${first + 2 ** 20}-${first + 2 ** 20 + 150_000}`,
      ][kind];
      const request = get(url, ...(range === undefined ? [] : [range]));
      const after = departure === 'before the header' ? randomInt(3000) : 1 + randomInt(100_000);
      const bytes = await breakOff(port, request, departure, after);
      read.set(departure, read.get(departure)! + bytes);
    };
    const abortAll = async (from: number, to: number) => {
      let next = from;
      const client = async () => {
        while (next < to) await abort(next++);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, client));
      await until(() => openFiles() === 0 && openSockets() === listening);
    };

    await abortAll(0, MEASURED);
    const before = await memory();
    await abortAll(MEASURED, 10_000);
    const after = await memory();
    // Half a kilobyte a request: less than a request, a response or a socket is.
    expect(after.live - before.live).toBeLessThan(4 * 2 ** 20);
    // With what V8 does not know of, and what it keeps for itself, some 10 MiB: two pages of memory a request.
    expect(after.resident - before.resident).toBeLessThan(64 * 2 ** 20);
    // V8 alone would let it grow to 48 MiB and keep that.
    expect(await metric('nodejs_heap_space_size_total_bytes{space="new"}')).toBeLessThanOrEqual(16 * 2 ** 20);
    expect(await metric('playhead_http_open_transfers')).toBe(1); // this question
    expect(await aborts()).toBeGreaterThan(1000);
    for (const departure of DEPARTURES.slice(1)) expect(read.get(departure)).toBeGreaterThan(2500 * 25_000);
    expect(program.stderr).toBe('');
    expect((await http.get('/files/film.mp4')).body.equals(film)).toBe(true);
    expect((await http.get('/stream/film.mp4')).body.equals(repaired)).toBe(true);
  }, 60_000);

  async function aborts(): Promise<number> {
    const { text } = await http.get('/metrics');
    const series = text.matchAll(/^playhead_http_aborts_total\{.*\} (\d+)$/gm);
    return [...series].reduce((sum, [, value]) => sum + Number(value), 0);
  }

  it.each(['/files/film.mp4', '/stream/film.mp4'])(
    'hold at most a block in memory for each client that stops reading %s',
    async (url) => {
      const READERS = 300;
      // Connections and requests cost heap, whatever is sent.
      for (let round = 0; round < 5; round++)
        await Promise.all(Array.from({ length: READERS }, () => http.get(url, { Range: 'bytes=0-1' })));
      const before = await memory();
      const sockets = await Promise.all(Array.from({ length: READERS }, () => begin(port, get(url))));
      await standstill();
      const held = (await metric('nodejs_external_memory_bytes')) - before.external;
      expect(await metric('playhead_http_open_transfers')).toBe(READERS + 1); // this question
      sockets.forEach((socket) => socket.destroy());
      // Buffers lie outside the heap: this is what is held of the file, garbage among it, and next to nothing else.
      expect(held / READERS / 1024).toBeLessThan(24);
    },
  );

  /** Until the server reads no more: the kernel takes nothing more for those who stand still. */
  async function standstill(): Promise<void> {
    let read = -1;
    await until(async () => {
      const before = read;
      await sleep(300);
      read = bytesRead(program.pid);
      return read === before;
    });
  }
});

/** Waits for a state that must come within a second. */
async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt++) {
    if (await reached()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('never reached');
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
