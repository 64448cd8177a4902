import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuthorizedRequest } from '../../src/auth/principal.js';
import { Changes } from '../../src/changes/changes.js';
import { AccessRules } from '../../src/core/access/index.js';
import { objectKey } from '../../src/core/path/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../../src/storage/storage-driver.js';
import { EventListener } from '../support/event-listener.js';
import { writeLargeMovie } from '../support/large-movie.js';
import { hashOf } from '../support/optimizing.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { QUICK_PACE } from '../support/quick-pace.js';
import { SAMPLES } from '../support/samples.js';
import { leftoversOf } from '../support/storage/leftovers.js';
import { basic, user } from '../support/users.js';

const SLOW = path.join(SAMPLES, 'video/mp4-moov-last.mp4');
const FAST = path.join(SAMPLES, 'video/mp4-moov-first.mp4');
const JOBS = '/api/v1/optimizations';

interface Job {
  readonly id: string;
  readonly path: string;
  readonly state: string;
  readonly keepOriginal: boolean;
  readonly progress: { readonly written: number; readonly total: number | null };
  readonly created: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly result: { readonly state: string } | null;
  readonly error: { readonly reason: string; readonly message: string } | null;
  readonly links: Readonly<Record<string, string>>;
}

/** A server and what the tests ask of it. */
class Studio {
  constructor(readonly playhead: Playhead) {}

  at(name: string): string {
    return path.join(this.playhead.root, name);
  }

  post(body: unknown, headers = {}) {
    return this.playhead.http.send(JOBS, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async add(body: unknown, headers = {}): Promise<Job> {
    const { status, headers: fields, json } = await this.post(body, headers);
    const job = json as unknown as Job;
    expect([status, fields.location]).toEqual([202, `${JOBS}/${job.id}`]);
    return job;
  }

  async get(id: string, headers = {}): Promise<Job> {
    const { status, json } = await this.playhead.http.get(`${JOBS}/${id}`, headers);
    expect(status).toBe(200);
    return json as unknown as Job;
  }

  async list(headers = {}): Promise<readonly Job[]> {
    const { json } = await this.playhead.http.get(JOBS, headers);
    return json.optimizations as readonly Job[];
  }

  cancel(id: string, headers = {}) {
    return this.playhead.http.send(`${JOBS}/${id}`, { method: 'DELETE', headers });
  }

  async ended(id: string, headers = {}): Promise<Job> {
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(5)) {
      const job = await this.get(id, headers);
      if (job.ended !== null) return job;
    }
    throw new Error('did not end');
  }

  async untilWriting(id: string): Promise<void> {
    for (;;) {
      const { state, progress } = await this.get(id);
      if (state === 'running' && progress.written > 0) return;
      if (state !== 'queued' && state !== 'running') throw new Error(state);
    }
  }
}

describe('optimizations', () => {
  let studio: Studio;
  let playhead: Playhead;
  let large: string;
  let folder: string;
  const at = (name: string) => studio.at(name);
  beforeAll(async () => {
    folder = await makeFolder();
    large = path.join(folder, 'large.mp4');
    await writeLargeMovie(large, 160);
    playhead = await startPlayhead({ write: true }, QUICK_PACE);
    studio = new Studio(playhead);
  });
  afterAll(async () => {
    await playhead.close();
    await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    expect(await leftoversOf(playhead.root)).toEqual([]);
  });

  it('make a file what /stream sent, and tell of every step', async () => {
    await mkdir(at('films'));
    await copyFile(SLOW, at('films/Été 1.mp4'));
    const url = encodeURI('films/Été 1.mp4');
    const { body: expected } = await playhead.http.get(`/stream/${url}`);
    const before = await playhead.http.get(`/files/${url}`);
    expect(before.body.equals(expected)).toBe(false);
    const listener = await EventListener.ready(playhead.port);

    const job = await studio.add({ path: 'films/Été 1.mp4' });
    expect(job).toMatchObject({ path: 'films/Été 1.mp4', keepOriginal: false, error: null });
    expect(['queued', 'running']).toContain(job.state);
    const done = await studio.ended(job.id);
    expect(done).toMatchObject({
      state: 'done',
      progress: { written: expected.length, total: expected.length },
      result: {
        state: 'rewritten',
        size: expected.length,
        sizeBefore: before.body.length,
        otherNames: 0,
        repairs: [{ repair: 'faststart', state: 'applied' }],
      },
      links: { file: `/files/${url}`, stream: `/stream/${url}`, entry: `/api/v1/entries/${url}` },
    });
    expect(done.started! <= done.ended! && done.created <= done.started!).toBe(true);
    expect((await readFile(at('films/Été 1.mp4'))).equals(expected)).toBe(true);
    const after = await playhead.http.get(`/files/${url}`);
    expect(after.body.equals(expected)).toBe(true);
    expect(after.headers.etag).not.toBe(before.headers.etag);
    expect((await playhead.http.get(`/stream/${url}`)).headers.etag).toBe(after.headers.etag);

    expect(await listener.toldIn(playhead.root, 1)).toContain('changed films/Été 1.mp4');
    const told = listener.events.filter(({ type }) => type === 'job-progress').map(({ data }) => data);
    expect(told[0]).toMatchObject({ id: job.id, job: 'optimize', path: 'films/Été 1.mp4' });
    expect(told.at(-1)).toMatchObject({ state: 'done', progress: done.progress });
    listener.close();
    expect(playhead.log).toContainEqual(
      expect.objectContaining({
        context: 'Audit',
        action: 'optimize',
        outcome: 'done',
        path: 'films/Été 1.mp4',
      }),
    );
    expect((await studio.list()).map(({ id }) => id)).toContain(job.id);
  });

  it('tell how far they are, one after the other', async () => {
    await copyFile(large, at('progress.mp4'));
    await copyFile(SLOW, at('next.mp4'));
    const listener = await EventListener.ready(playhead.port);
    const first = await studio.add({ path: 'progress.mp4' });
    const second = await studio.add({ path: 'next.mp4' });
    expect(second).toMatchObject({ state: 'queued', started: null, progress: { written: 0, total: null } });
    await studio.ended(second.id);
    expect((await studio.get(first.id)).state).toBe('done');
    await listener.until((events) =>
      events.some(({ data }) => data.id === second.id && data.state === 'done'),
    );
    const steps = listener.events
      .filter(({ data }) => data.id === first.id)
      .map(({ data }) => data as unknown as Job);
    const written = steps.map(({ progress }) => progress.written);
    expect(written).toEqual([...written].sort((a, b) => a - b));
    expect(written.filter((bytes) => bytes > 0 && bytes < written.at(-1)!).length).toBeGreaterThan(0);
    const own = listener.events.filter(({ data }) => data.id === second.id).map(({ data }) => data.state);
    expect([own[0], own.at(-1)]).toEqual(['queued', 'done']);
    listener.close();
  });

  it('are the same for the same file, and another way of doing it is in the way', async () => {
    await copyFile(large, at('first.mp4'));
    await copyFile(SLOW, at('same.mp4'));
    const blocking = await studio.add({ path: 'first.mp4' });
    const jobs = await Promise.all([1, 2, 3].map(() => studio.add({ path: 'same.mp4' })));
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(1);
    expect(await studio.add({ path: 'first.mp4' })).toMatchObject({ id: blocking.id });
    const other = await studio.post({ path: 'same.mp4', keepOriginal: true });
    expect([other.status, other.json.type]).toEqual([409, '/problems/conflict']);
    expect((await studio.ended(jobs[0]!.id)).state).toBe('done');
    expect((await studio.post({ path: 'same.mp4' })).status).toBe(422);
  });

  it('keep the original when they are told to', async () => {
    const listener = await EventListener.ready(playhead.port);
    await copyFile(SLOW, at('kept.mp4'));
    // The new form has the size and the time that were told.
    await listener.toldIn(playhead.root, 1);
    const told = listener.entries.length;
    const { id } = await studio.add({ path: 'kept.mp4', keepOriginal: true });
    expect(await studio.ended(id)).toMatchObject({ state: 'done', keepOriginal: true });
    expect((await readFile(at('kept.orig.mp4'))).equals(await readFile(SLOW))).toBe(true);
    expect((await readFile(at('kept.mp4'))).equals(await readFile(SLOW))).toBe(false);
    expect((await listener.toldIn(playhead.root, told + 2)).slice(told).sort()).toEqual([
      'changed kept.mp4',
      'created kept.orig.mp4',
    ]);
    listener.close();
    await copyFile(SLOW, at('kept.mp4'));
    const again = await studio.add({ path: 'kept.mp4', keepOriginal: true });
    expect(await studio.ended(again.id)).toMatchObject({
      state: 'failed',
      error: { reason: 'original-exists' },
    });
  });

  it('that are cancelled leave the old file whole and nothing beside it', async () => {
    await mkdir(at('cancel'));
    await copyFile(large, at('cancel/running.mp4'));
    await copyFile(SLOW, at('cancel/queued.mp4'));
    const before = await stat(at('cancel/running.mp4'));
    const running = await studio.add({ path: 'cancel/running.mp4' });
    const queued = await studio.add({ path: 'cancel/queued.mp4' });
    const listener = await EventListener.ready(playhead.port);
    expect((await studio.cancel(queued.id)).json).toMatchObject({ state: 'cancelled', started: null });
    await studio.untilWriting(running.id);
    const reply = await studio.cancel(running.id);
    expect([reply.status, reply.json]).toMatchObject([
      200,
      { state: 'cancelled', result: null, error: null },
    ]);
    expect(await readdir(at('cancel'))).toEqual(['queued.mp4', 'running.mp4']);
    expect(await leftoversOf(playhead.root)).toEqual([]);
    const after = await stat(at('cancel/running.mp4'));
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
    expect(await hashOf(at('cancel/running.mp4'))).toBe(await hashOf(large));
    await listener.until((events) => events.filter(({ data }) => data.state === 'cancelled').length === 2);
    listener.close();
    // Again: it stays what it is.
    expect((await studio.cancel(running.id)).json).toMatchObject({ state: 'cancelled' });
    expect(playhead.log).toContainEqual(
      expect.objectContaining({
        action: 'optimize',
        outcome: 'failed',
        reason: 'cancelled',
        path: 'cancel/queued.mp4',
      }),
    );
  });

  it('give way to who writes the file meanwhile', async () => {
    await copyFile(large, at('raced.mp4'));
    const { id } = await studio.add({ path: 'raced.mp4' });
    await studio.untilWriting(id);
    const changes = playhead.app.get(Changes, { strict: false });
    await changes.write(REQUEST, objectKey(['raced.mp4']), Readable.from([Buffer.from('newer')]), {
      onConflict: 'replace',
    });
    expect(await studio.ended(id)).toMatchObject({ state: 'failed', error: { reason: 'changed-meanwhile' } });
    expect(await readFile(at('raced.mp4'), 'utf8')).toBe('newer');
  });

  it('fail with a reason and no path of the machine when the file goes away', async () => {
    await copyFile(large, at('long.mp4'));
    await copyFile(SLOW, at('gone.mp4'));
    const long = await studio.add({ path: 'long.mp4' });
    const { id } = await studio.add({ path: 'gone.mp4' });
    await rm(at('gone.mp4'));
    await studio.cancel(long.id);
    const job = await studio.ended(id);
    expect(job).toMatchObject({ state: 'failed', error: { reason: 'missing' } });
    expect(JSON.stringify(job)).not.toContain(playhead.root);
  });

  describe('are refused for', () => {
    beforeAll(async () => {
      await copyFile(FAST, at('fast.mp4'));
      await writeFile(at('notes.txt'), 'no media');
      await writeFile(at('cut.mp4'), (await readFile(SLOW)).subarray(0, -1000));
      await mkdir(at('folder'), { recursive: true });
      await copyFile(SLOW, at('.hidden.mp4'));
      await mkdir(at('.playhead'), { recursive: true });
      await copyFile(SLOW, at('.playhead/own.mp4'));
    });
    afterAll(() => rm(at('.playhead/own.mp4')));

    it.each([
      ['a file that needs nothing', 'fast.mp4', 422, 'not-optimizable'],
      ['what is no media', 'notes.txt', 422, 'not-optimizable'],
      ['what cannot be repaired', 'cut.mp4', 422, 'not-optimizable'],
      ['a folder', 'folder', 404, 'not-found'],
      ['nothing', 'nothing.mp4', 404, 'not-found'],
      ['a hidden file', '.hidden.mp4', 404, 'not-found'],
      ['what the server keeps for itself', '.playhead/own.mp4', 404, 'not-found'],
      ['a path upwards', '../film.mp4', 400, 'invalid-path'],
      ['an absolute path', '/etc/passwd', 400, 'invalid-path'],
      ['the root', '', 400, 'invalid-path'],
      ['a slash at the end', 'fast.mp4/', 400, 'invalid-path'],
      ['a NUL', 'a\0b', 400, 'invalid-path'],
      ['half a character', 'a\ud800', 400, 'invalid-path'],
      ['a name nobody can have', 'x'.repeat(3000), 404, 'not-found'],
    ])('%s', async (_, name, status, slug) => {
      const reply = await studio.post({ path: name });
      expect([reply.status, reply.json.type]).toEqual([status, `/problems/${slug}`]);
      expect(reply.text).not.toContain(playhead.root);
    });

    it.each([
      ['nothing', ''],
      ['no JSON', '{"path":'],
      ['null', 'null'],
      ['a list', '["fast.mp4"]'],
      ['a path that is no text', '{"path":["fast.mp4"]}'],
      ['no path', '{"keepOriginal":true}'],
      ['a flag that is text', '{"path":"fast.mp4","keepOriginal":"false"}'],
      ['a member nobody knows', '{"path":"fast.mp4","force":true}'],
      ['a prototype', '{"path":"fast.mp4","__proto__":{"keepOriginal":true}}'],
      ['too much', `{"path":"${'x'.repeat(20_000)}"}`],
      ['much nesting', '['.repeat(15_000)],
    ])('a body of %s', async (_, body) => {
      const { status, json } = await studio.post(body);
      expect([status, json.type]).toEqual([400, '/problems/validation-failed']);
    });

    it('a form of another site, and ids nobody has', async () => {
      const form = { 'Content-Type': 'text/plain' };
      expect((await studio.post({ path: 'fast.mp4' }, form)).status).toBe(400);
      const foreign = { 'Sec-Fetch-Site': 'cross-site' };
      expect((await studio.post({ path: 'fast.mp4' }, foreign)).status).toBe(403);
      for (const id of ['nothing', '__proto__', '%00', 'x'.repeat(2000)]) {
        expect((await playhead.http.get(`${JOBS}/${id}`)).status).toBe(404);
        expect((await studio.cancel(id)).status).toBe(404);
      }
    });
  });
});

/** As of somebody who may do everything, where nothing but what was asked for matters. */
const REQUEST = {
  id: 'test',
  headers: {},
  socket: {},
  principal: { name: 'test', rules: new AccessRules([{ path: objectKey([]), permissions: ['admin'] }]) },
} as unknown as AuthorizedRequest;

describe('optimizations and permissions', () => {
  let studio: Studio;
  let playhead: Playhead;
  const [reader, writer, editor, dropper] = ['reader', 'writer', 'editor', 'dropper'].map((name) =>
    basic(name, 'x'),
  );
  beforeAll(async () => {
    playhead = await startPlayhead({
      anonymous: false,
      users: [
        user('reader', 'x', '/:r'),
        user('writer', 'x', '/:rw'),
        user('editor', 'x', '/:r,/films:rwd'),
        user('dropper', 'x', '/films:wd'),
        user('owner', 'x', '/:rwd'),
      ],
    });
    studio = new Studio(playhead);
    for (const name of ['films', 'other']) {
      await mkdir(studio.at(name));
      await copyFile(SLOW, studio.at(`${name}/film.mp4`));
    }
  });
  afterAll(() => playhead.close());

  it('take all of read, write and delete on the file', async () => {
    const statuses = async (name: string) => {
      const replies = [{}, reader, writer, dropper].map((who) => studio.post({ path: name }, who));
      return (await Promise.all(replies)).map(({ status }) => status);
    };
    expect(await statuses('films/film.mp4')).toEqual([401, 403, 403, 404]);
    // Whether it is there makes no difference to who may not.
    expect(await statuses('films/nothing.mp4')).toEqual([401, 403, 403, 404]);
    expect((await studio.post({ path: 'other/film.mp4' }, editor)).status).toBe(403);
    const job = await studio.add({ path: 'films/film.mp4' }, editor);
    expect((await studio.ended(job.id, editor)).state).toBe('done');
    expect(await hashOf(studio.at('other/film.mp4'))).toBe(await hashOf(SLOW));
    expect(playhead.log).toContainEqual(
      expect.objectContaining({ who: 'editor', action: 'optimize', outcome: 'done', client: '127.0.0.1' }),
    );
  });

  it('are shown to who may read the file, and cancelled by who may write it', async () => {
    await copyFile(SLOW, studio.at('films/second.mp4'));
    const { id } = await studio.add({ path: 'films/second.mp4' }, editor);
    await studio.ended(id, reader);
    expect((await studio.list(reader)).map((job) => job.id)).toContain(id);
    expect((await playhead.http.get(JOBS, dropper)).status).toBe(404);
    expect((await playhead.http.get(`${JOBS}/${id}`, dropper)).status).toBe(404);
    expect((await playhead.http.get(`${JOBS}/${id}`)).status).toBe(401);
    const cancels = await Promise.all([{}, reader, dropper, writer].map((who) => studio.cancel(id, who)));
    expect(cancels.map(({ status }) => status)).toEqual([401, 403, 404, 200]);
    const other = await studio.add({ path: 'other/film.mp4' }, basic('owner', 'x'));
    expect((await studio.cancel(other.id, editor)).status).toBe(403);
    await studio.ended(other.id, reader);
  });

  it('are not there at all where nothing can be written', async () => {
    const served = await startPlayhead();
    // Not by the client, which holds it against a contract that has them.
    const [got, posted] = await Promise.all(
      ['GET', 'POST'].map((method) => fetch(`${served.url}${JOBS}`, { method })),
    );
    expect([got!.status, posted!.status]).toEqual([404, 404]);
    await served.close();
  });
});

describe('files that were written', () => {
  let root: string;
  beforeEach(async () => {
    root = await makeFolder();
  });
  afterEach(() => rm(root, { recursive: true }));
  const put = (playhead: Playhead, name: string, file: string) =>
    playhead.app
      .get(Changes, { strict: false })
      .write(REQUEST, objectKey(name.split('/')), createReadStream(file), { onConflict: 'replace' });
  const inspections = async (playhead: Playhead, outcome: string) => {
    const { text } = await playhead.http.get('/metrics');
    return Number(new RegExp(`inspections_total\\{outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  };
  const until = async (isTrue: () => Promise<boolean>) => {
    for (const deadline = Date.now() + 8000; !(await isTrue()); await sleep(5))
      if (Date.now() > deadline) throw new Error('never');
  };

  it('are looked at before anybody asks, whatever they are', async () => {
    const playhead = await startPlayhead({ root, write: true });
    await writeFile(path.join(root, 'text'), 'no media');
    const written = [put(playhead, 'a/film.mp4', SLOW), put(playhead, 'notes.txt', path.join(root, 'text'))];
    await Promise.all([...written, put(playhead, 'fast.mp4', FAST)]);
    await until(
      async () =>
        (await inspections(playhead, 'made')) === 2 && (await inspections(playhead, 'no-media')) === 1,
    );
    await until(async () => {
      expect((await playhead.http.get('/api/v1/inspections/a/film.mp4')).status).toBe(200);
      return (await inspections(playhead, 'cached')) > 0;
    });
    expect(await inspections(playhead, 'made')).toBe(2);
    // Off by default.
    expect(await new Studio(playhead).list()).toEqual([]);
    expect(await hashOf(path.join(root, 'a/film.mp4'))).toBe(await hashOf(SLOW));
    expect(playhead.log.filter(({ level }) => level > 30)).toEqual([]);
    await playhead.close();
  });

  it('are rewritten with optimizeUploads where that helps, in the name of who wrote them', async () => {
    const playhead = await startPlayhead({ root, write: true, optimizeUploads: 'faststart' }, QUICK_PACE);
    const studio = new Studio(playhead);
    await copyFile(SLOW, path.join(root, 'reference.mp4'));
    const { body: expected } = await playhead.http.get('/stream/reference.mp4');
    const listener = await EventListener.ready(playhead.port);
    const written = await put(playhead, 'film.mp4', SLOW);
    await put(playhead, 'fast.mp4', FAST);
    await until(async () => (await studio.list()).some(({ state }) => state === 'done'));
    const jobs = await studio.list();
    expect(jobs).toMatchObject([{ path: 'film.mp4', state: 'done', result: { state: 'rewritten' } }]);
    expect((await readFile(path.join(root, 'film.mp4'))).equals(expected)).toBe(true);
    expect((await playhead.http.get('/files/film.mp4')).headers.etag).not.toBe(
      `"${written.validators.etag.opaque}"`,
    );
    await listener.until((events) =>
      events.some(({ data }) => data.id === jobs[0]!.id && data.state === 'done'),
    );
    listener.close();
    expect(playhead.log).toContainEqual(
      expect.objectContaining({ who: 'test', action: 'optimize', outcome: 'done', path: 'film.mp4' }),
    );
    // The film, the other one, and the film again.
    await until(async () => (await inspections(playhead, 'made')) === 3);
    await playhead.close();
  });

  it('are rewritten again when they are replaced while that is under way', async () => {
    const playhead = await startPlayhead({ root, write: true, optimizeUploads: 'faststart' });
    const studio = new Studio(playhead);
    await writeLargeMovie(path.join(root, 'large'), 160);
    await put(playhead, 'film.mp4', path.join(root, 'large'));
    await until(async () => (await studio.list()).some(({ progress }) => progress.written > 0));
    await put(playhead, 'film.mp4', SLOW);
    await until(async () => (await studio.list()).filter(({ ended }) => ended !== null).length === 2);
    expect(await studio.list()).toMatchObject([
      { state: 'failed', error: { reason: 'changed-meanwhile' } },
      { state: 'done' },
    ]);
    const { body } = await playhead.http.get('/stream/film.mp4');
    expect((await readFile(path.join(root, 'film.mp4'))).equals(body)).toBe(true);
    await playhead.close();
  });
});

describe('a server that stops', () => {
  it('cancels its jobs and leaves nothing of them', async () => {
    const root = await makeFolder();
    const playhead = await startPlayhead({ root, write: true });
    const studio = new Studio(playhead);
    await writeLargeMovie(studio.at('large.mp4'), 160);
    await copyFile(SLOW, studio.at('film.mp4'));
    const before = await hashOf(studio.at('large.mp4'));
    const { id } = await studio.add({ path: 'large.mp4' });
    await studio.add({ path: 'film.mp4' });
    await studio.untilWriting(id);
    await playhead.close();
    expect(await leftoversOf(root)).toEqual([]);
    expect((await readdir(root)).filter((name) => name.endsWith('.mp4'))).toEqual(['film.mp4', 'large.mp4']);
    expect([await hashOf(studio.at('large.mp4')), await hashOf(studio.at('film.mp4'))]).toEqual([
      before,
      await hashOf(SLOW),
    ]);
    await rm(root, { recursive: true });
  });
});

describe('a storage that has no files on this machine', () => {
  it('cannot rewrite any, and says so', async () => {
    const playhead = await startPlayhead({ write: true });
    await copyFile(SLOW, path.join(playhead.root, 'film.mp4'));
    const storage = playhead.app.get<StorageDriver>(STORAGE_DRIVER, { strict: false });
    Object.defineProperty(storage, 'holdFile', { value: undefined });
    const { status, json } = await new Studio(playhead).post({ path: 'film.mp4' });
    expect([status, json.type]).toEqual([501, '/problems/not-implemented']);
    await playhead.close();
  });
});
