import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeLargeMovie } from '../support/large-movie.js';
import { makeFolder } from '../support/playhead.js';
import { PlayheadProcess } from '../support/playhead-process.js';
import { leftoversOf } from '../support/storage/leftovers.js';

const KILLS = 50;
/** Milliseconds from when the work begins within which the server is killed. */
const WITHIN = 600;
const MiB = 2 ** 20;
const OLD = randomBytes(MiB);
const NEW = randomBytes(3 * MiB);
/** Bytes of an upload that are sent with one PATCH. */
const CHUNK = 256 * 1024;

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const NAMES = new Map([
  [hash(OLD), 'old'],
  [hash(NEW), 'new'],
]);

describe('a server that is killed at any moment', () => {
  let root: string;
  let movies: string;
  /** The two forms of the film, by their digests. */
  let films: Map<string, string>;
  let server: PlayheadProcess;
  let port: number;

  const at = (name: string) => path.join(root, name);
  const state = async (name: string, names = NAMES) =>
    existsSync(at(name)) ? (names.get(hash(await readFile(at(name)))) ?? 'damaged') : 'absent';
  const names = (folder: string) => readdir(at(folder)).catch(() => []);

  beforeAll(async () => {
    [root, movies] = [await makeFolder(), await makeFolder()];
    await writeLargeMovie(path.join(movies, 'old.mp4'), 6);
    await start();
    await cp(path.join(movies, 'old.mp4'), at('film.mp4'));
    films = new Map([[hash(await readFile(at('film.mp4'))), 'old']]);
    await optimize();
    for (const end = Date.now() + 20_000; (await state('film.mp4', films)) === 'old'; await sleep(20))
      if (Date.now() > end) throw new Error('the film was not rewritten');
    films.set(hash(await readFile(at('film.mp4'))), 'new');
  }, 60_000);
  afterAll(async () => {
    await server.kill();
    await Promise.all([root, movies].map((folder) => rm(folder, { recursive: true })));
  });

  async function start(): Promise<void> {
    server = PlayheadProcess.start([root, '--write', '--port', '0', '--log-level', 'warn']);
    ({ port } = await server.listening());
  }

  /** Undefined when the connection broke. */
  function send(
    method: string,
    url: string,
    headers: http.OutgoingHttpHeaders = {},
    body?: Buffer | string,
  ): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const gone = () => resolve(undefined);
      const request = http.request({ port, host: '127.0.0.1', method, path: url, headers, agent: false });
      request.once('error', gone);
      request.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.once('error', gone).once('aborted', gone);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      });
      request.end(body);
    });
  }
  const sendJson = (method: string, url: string, value: unknown) =>
    send(method, url, { 'Content-Type': 'application/json' }, JSON.stringify(value));
  const optimize = () => sendJson('POST', '/api/v1/optimizations', { path: 'film.mp4' });

  /** What there is before each round, and what is known to be true after it. */
  async function prepare(): Promise<void> {
    for (const entry of await readdir(root))
      if (entry !== '.playhead') await rm(at(entry), { recursive: true });
    await Promise.all(
      ['put', 'form', 'move/a/b', 'copy/from/b', 'trash', 'back'].map((name) =>
        mkdir(at(name), { recursive: true }),
      ),
    );
    const old = [
      'put/f',
      'form/f',
      'move/f',
      'move/a/f',
      'move/a/b/f',
      'copy/from/f',
      'copy/from/b/f',
      'trash/f',
      'back/f',
    ];
    await Promise.all(old.map((name) => writeFile(at(name), OLD)));
    // By its inode nobody can tell: it takes no time to put the film back.
    await link(path.join(movies, 'old.mp4'), at('film.mp4'));
  }

  /** All at the same time; resolves when all have been answered or broken off. */
  function work() {
    const put = send('PUT', '/files/put/f', {}, NEW);
    const form = send(
      'POST',
      '/files/form/?onConflict=replace',
      { 'Content-Type': 'multipart/form-data; boundary=b' },
      Buffer.concat([
        ...['f', 'new/g'].flatMap((name) => [
          Buffer.from(`--b\r\nContent-Disposition: form-data; name="files[]"; filename="${name}"\r\n\r\n`),
          NEW,
          Buffer.from('\r\n'),
        ]),
        Buffer.from('--b--\r\n'),
      ]),
    );
    const tus = upload();
    const moves = (async () => {
      const file = await sendJson('PATCH', '/api/v1/entries/move/f', { path: 'move/to/f' });
      return [file, await sendJson('PATCH', '/api/v1/entries/move/a', { path: 'move/to/a' })];
    })();
    const copy = sendJson('POST', '/api/v1/entries/copy/to', { copyFrom: 'copy/from' });
    const trash = send('DELETE', '/files/trash/f');
    const back = (async () => {
      const discarded = await send('DELETE', '/files/back/f');
      const id = discarded && (JSON.parse(discarded.text) as { id: string }).id;
      return id === undefined ? undefined : send('POST', `/api/v1/trash/${id}/restore`);
    })();
    return Promise.all([put, form, tus, moves, copy, trash, back, optimize()]);
  }

  /** A resumable upload in pieces; resolves to where it is and how much was acknowledged. */
  async function upload(): Promise<{ url?: string; acknowledged: number }> {
    const created = await send('POST', '/api/v1/uploads', {
      'Tus-Resumable': '1.0.0',
      'Upload-Length': NEW.length,
      'Upload-Metadata': `path ${Buffer.from('tus/f').toString('base64')}`,
      'Content-Length': 0,
    });
    const url = created?.headers.location;
    if (url === undefined) return { acknowledged: 0 };
    return { url, acknowledged: await resume(url, 0) };
  }

  async function resume(url: string, from: number): Promise<number> {
    let offset = from;
    while (offset < NEW.length) {
      const answer = await send(
        'PATCH',
        new URL(url, 'http://any').pathname,
        {
          'Tus-Resumable': '1.0.0',
          'Upload-Offset': offset,
          'Content-Type': 'application/offset+octet-stream',
        },
        NEW.subarray(offset, offset + CHUNK),
      );
      if (answer?.status !== 204) return offset;
      offset = Number(answer.headers['upload-offset']);
    }
    return offset;
  }

  it(`has every file old or new, whole, and nothing left over, ${KILLS} times`, async () => {
    const seen = new Map<string, number>();
    const saw = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    for (let round = 0; round < KILLS; round += 1) {
      await prepare();
      const working = work();
      await sleep(Math.random() * WITHIN);
      await server.kill();
      const [put, form, tus, [movedFile, movedFolder], copied, trashed, restored] = await working;
      saw(`${(await leftoversOf(root)).length > 0 ? 'some' : 'no'} leftovers`);
      await start();
      expect(await leftoversOf(root)).toEqual([]);

      const found = {
        put: await state('put/f'),
        form: await state('form/f'),
        film: await state('film.mp4', films),
        movedFile: [await state('move/f'), await state('move/to/f')].sort(),
        movedFolder: [await names('move/a'), await names('move/to/a')].sort((a, b) => a.length - b.length),
        source: [await state('copy/from/f'), await state('copy/from/b/f')],
        copy: [await state('copy/to/f'), await state('copy/to/b/f')],
      };
      expect({ round, ...found }).toEqual({
        round,
        put: put ? 'new' : expect.stringMatching(/^(?:old|new)$/),
        form: form ? 'new' : expect.stringMatching(/^(?:old|new)$/),
        film: expect.stringMatching(/^(?:old|new)$/),
        movedFile: ['absent', 'old'],
        movedFolder: [[], ['b', 'f']],
        source: ['old', 'old'],
        copy: found.copy[0] === 'absent' ? ['absent', 'absent'] : ['old', 'old'],
      });
      if (form) expect(await state('form/new/g')).toBe('new');
      expect(['absent', 'new']).toContain(await state('form/new/g'));
      if (movedFile) expect(await state('move/to/f')).toBe('old');
      if (movedFolder) expect(await state('move/to/a/b/f')).toBe('old');
      if (copied) expect(found.copy).toEqual(['old', 'old']);
      saw(`put ${found.put}`);
      saw(`film ${found.film}`);
      saw(`copy ${found.copy[0]}`);

      await checkTrash(['trash/f', 'back/f']);
      if (trashed) expect(await state('trash/f')).toBe('absent');
      if (restored) expect(await state('back/f')).toBe('old');
      saw(`trash ${await state('trash/f')}`);
      await checkUpload(tus);
    }
    // It was not always too early, nor always too late.
    for (const what of [
      'some leftovers',
      'put old',
      'put new',
      'film old',
      'film new',
      'copy old',
      'trash absent',
    ])
      expect([...seen.keys()]).toContain(what);
  }, 300_000);

  /** Each stands in its place, or is whole in the trash, and never both. */
  async function checkTrash(originals: readonly string[]): Promise<void> {
    const listing = JSON.parse((await send('GET', '/api/v1/trash'))!.text) as {
      entries: { id: string; path: string }[];
    };
    for (const original of originals) {
      const discarded = listing.entries.filter((entry) => entry.path === original);
      const inPlace = await state(original);
      expect({ original, inPlace, times: discarded.length }).toEqual(
        discarded.length === 0
          ? { original, inPlace: 'old', times: 0 }
          : { original, inPlace: 'absent', times: 1 },
      );
      if (discarded.length === 0) continue;
      const restored = await sendJson('POST', `/api/v1/trash/${discarded[0]!.id}/restore`, {
        path: 'restored',
      });
      expect(restored?.status).toBe(201);
      expect(await state('restored')).toBe('old');
      await rm(at('restored'));
    }
  }

  /** Not a byte that was acknowledged is lost; the rest can be sent. */
  async function checkUpload({ url, acknowledged }: { url?: string; acknowledged: number }): Promise<void> {
    if (url === undefined) return;
    if ((await state('tus/f')) === 'absent') {
      const head = await send('HEAD', new URL(url, 'http://any').pathname, { 'Tus-Resumable': '1.0.0' });
      expect(head?.status).toBe(200);
      const offset = Number(head!.headers['upload-offset']);
      expect(offset).toBeGreaterThanOrEqual(acknowledged);
      expect(await resume(url, offset)).toBe(NEW.length);
    }
    expect(await state('tus/f')).toBe('new');
  }
});
