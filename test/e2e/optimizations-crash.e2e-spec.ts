import { link, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { temporaryName } from '../../src/storage/drivers/local-disk/temporary-name.js';
import { THIS_WRITER } from '../../src/storage/drivers/local-disk/writer.js';
import { writeLargeMovie } from '../support/large-movie.js';
import { hashOf } from '../support/optimizing.js';
import { makeFolder, startPlayhead } from '../support/playhead.js';
import { PlayheadProcess } from '../support/playhead-process.js';
import { leftoversOf } from '../support/storage/leftovers.js';

const KILLS = 4;
const MEBIBYTES = 40;

interface Job {
  readonly id: string;
  readonly state: string;
  readonly ended: string | null;
}

describe('a server that is killed while it rewrites files', () => {
  let root: string;
  let store: string;
  let original: string;
  let [oldHash, newHash] = ['', ''];
  let duration = 0;
  const film = () => path.join(root, 'films/film.mp4');
  const start = async () => {
    const server = PlayheadProcess.start([root, '--port', '0', '--write', '--log-format', 'json']);
    return { server, url: `${(await server.listening()).url.replace(/\/$/, '')}/api/v1/optimizations` };
  };
  const post = async (url: string, keepOriginal: boolean) => {
    const body = JSON.stringify({ path: 'films/film.mp4', keepOriginal });
    const reply = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    expect(reply.status).toBe(202);
    return (await reply.json()) as Job;
  };
  const reset = async () => {
    await rm(path.join(root, 'films'), { recursive: true, force: true });
    await mkdir(path.join(root, 'films'));
    await link(original, film());
  };
  beforeAll(async () => {
    [root, store] = [await makeFolder(), await makeFolder()];
    original = path.join(store, 'film.mp4');
    await writeLargeMovie(original, MEBIBYTES);
    oldHash = await hashOf(original);
    await reset();
    const { server, url } = await start();
    const begun = performance.now();
    let job = await post(url, false);
    while (job.ended === null) job = (await (await fetch(`${url}/${job.id}`)).json()) as Job;
    duration = performance.now() - begun;
    expect(job.state).toBe('done');
    newHash = await hashOf(film());
    expect(newHash).not.toBe(oldHash);
    await server.kill();
  }, 60_000);
  afterAll(() => Promise.all([root, store].map((folder) => rm(folder, { recursive: true }))));

  it(`${KILLS} times has the old or the new file each time, and no leftovers once it runs again`, async () => {
    let leftovers = 0;
    let { server, url } = await start();
    for (let round = 0; round < KILLS; round += 1) {
      const keepOriginal = round % 2 === 1;
      await reset();
      await post(url, keepOriginal);
      // The later ones aim at the end, where the names change; the first waits for something to be left.
      if (round > 0)
        await sleep(round < KILLS / 2 ? Math.random() * duration : duration * (0.7 + Math.random() * 0.4));
      if (round === 0) while ((await leftoversOf(root)).length === 0) await sleep(1);
      await server.kill();
      leftovers += (await leftoversOf(root)).length;
      ({ server, url } = await start());
      expect(await leftoversOf(root)).toEqual([]);
      const isOld = (await stat(film())).ino === (await stat(original)).ino;
      if (!isOld) expect(await hashOf(film())).toBe(newHash);
      const names = await readdir(path.join(root, 'films'));
      expect(names).toEqual(!isOld && keepOriginal ? ['film.mp4', 'film.orig.mp4'] : ['film.mp4']);
      if (names.length === 2) expect(await hashOf(path.join(root, 'films/film.orig.mp4'))).toBe(oldHash);
    }
    await server.kill();
    expect(await hashOf(original)).toBe(oldHash);
    expect(leftovers).toBeGreaterThan(0);
  }, 120_000);
});

describe('a server that starts', () => {
  const DEAD = temporaryName('write').replace(`-${THIS_WRITER.run}-`, '-00000000-');

  it('removes what others left that have ended, says so, and leaves everything else alone', async () => {
    const root = await makeFolder();
    await mkdir(path.join(root, '.playhead/tmp'), { recursive: true });
    const kept = ['.playhead/tmp/mine', `.playhead/tmp/${temporaryName('write')}`, DEAD, 'film.mp4'];
    for (const name of [`.playhead/tmp/${DEAD}`, ...kept]) await writeFile(path.join(root, name), name);
    const playhead = await startPlayhead({ root, write: true });
    expect((await readdir(path.join(root, '.playhead/tmp'))).sort()).toEqual(
      kept
        .slice(0, 2)
        .map((name) => path.basename(name))
        .sort(),
    );
    for (const name of kept) expect(await readFile(path.join(root, name), 'utf8')).toBe(name);
    expect(playhead.log.map(({ msg }) => msg)).toContain(
      '1 leftover of changes that were broken off removed',
    );
    await playhead.close();
    await rm(root, { recursive: true });
  });

  it('neither looks nor makes anything where nothing may be written', async () => {
    const root = await makeFolder();
    await mkdir(path.join(root, '.playhead/tmp'), { recursive: true });
    await writeFile(path.join(root, '.playhead/tmp', DEAD), '');
    await (await startPlayhead({ root })).close();
    expect(await readdir(path.join(root, '.playhead/tmp'))).toEqual([DEAD]);
    await rm(path.join(root, '.playhead'), { recursive: true });
    await (await startPlayhead({ root, write: true })).close();
    expect(await readdir(root)).toEqual([]);
    await rm(root, { recursive: true });
  });

  it('starts all the same when it cannot look, and warns', async () => {
    const [root, elsewhere] = [await makeFolder(), await makeFolder()];
    await mkdir(path.join(elsewhere, 'tmp'));
    await writeFile(path.join(elsewhere, 'tmp', DEAD), '');
    await symlink(elsewhere, path.join(root, '.playhead'));
    const server = PlayheadProcess.start([root, '--port', '0', '--write', '--log-format', 'json']);
    await server.listening();
    expect(server.stderr).toMatch(/"level":40,.*could not be looked for/);
    expect(await readdir(path.join(elsewhere, 'tmp'))).toEqual([DEAD]);
    await server.kill();
    await Promise.all([root, elsewhere].map((folder) => rm(folder, { recursive: true })));
  });
});
