import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, link, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { writeLargeMovie } from '../support/large-movie.js';
import { hashOf, leftovers, optimize, until } from '../support/optimizing.js';
import { makeFolder, startPlayhead } from '../support/playhead.js';
import { PlayheadProcess } from '../support/playhead-process.js';
import { SAMPLES } from '../support/samples.js';

const FAST = path.join(SAMPLES, 'video/mp4-moov-first.mp4');

describe('playhead optimize of a large file', () => {
  const MEBIBYTES = 120;
  let folder: string;
  let store: string;
  let original: string;
  let [oldHash, newHash] = ['', ''];
  let duration = 0;
  const film = () => path.join(folder, 'film.mp4');
  /** By its inode the original is recognised without reading it; it is read in the end. */
  const reset = async () => {
    await rm(film(), { force: true });
    await link(original, film());
  };
  beforeAll(async () => {
    [folder, store] = [await makeFolder(), await makeFolder()];
    original = path.join(store, 'original.mp4');
    await writeLargeMovie(original, MEBIBYTES);
    oldHash = await hashOf(original);
    await reset();
    const begun = performance.now();
    expect((await optimize(folder)).code).toBe(0);
    duration = performance.now() - begun;
    newHash = await hashOf(film());
    expect(newHash).not.toBe(oldHash);
  }, 60_000);
  afterAll(async () => {
    expect(await hashOf(original)).toBe(oldHash);
    await Promise.all([folder, store].map((name) => rm(name, { recursive: true })));
  });
  beforeEach(reset);
  /** On a busy machine the program may take longest to start. */
  const untilBegun = async () => {
    for (let tries = 0; tries < 5000 && leftovers(folder).length === 0; tries += 1) await sleep(2);
  };
  const isOld = async () => (await stat(film())).ino === (await stat(original)).ino;

  it('killed at any moment leaves the old or the new file, and the next run cleans up', async () => {
    const ends = { old: 0, new: 0, leftovers: 0 };
    for (let round = 0; round < 24; round += 1) {
      await reset();
      const program = PlayheadProcess.start(['optimize', folder]);
      // The last rounds aim at the end, where the names change.
      const delay = round < 16 ? Math.random() * duration : duration * (0.85 + Math.random() * 0.2);
      if (round === 0) await untilBegun();
      else await sleep(delay);
      await program.kill();
      const isUntouched = await isOld();
      if (!isUntouched) expect(await hashOf(film())).toBe(newHash);
      ends[isUntouched ? 'old' : 'new'] += 1;
      const left = leftovers(folder);
      ends.leftovers += left.length;
      expect(left.length).toBeLessThanOrEqual(1);
      await copyFile(FAST, path.join(folder, 'other.mp4'));
      const { stdout } = await optimize(path.join(folder, 'other.mp4'));
      expect(leftovers(folder)).toEqual([]);
      if (left.length > 0) expect(stdout).toMatch(/\ncleaned up +1\n$/);
      await rm(path.join(folder, 'other.mp4'));
    }
    // How many of each depends on the machine.
    expect(ends.old).toBeGreaterThan(0);
    expect(ends.leftovers).toBeGreaterThan(0);
  }, 300_000);

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s cancels: nothing is left, the old file is whole, exit code %d', async (signal, code) => {
    const program = PlayheadProcess.start(['optimize', folder, FAST]);
    await until(() => leftovers(folder).length > 0, 'a temporary file');
    program.signal(signal);
    expect(await program.exited()).toBe(code);
    expect(program.stdout).toMatch(/^nothing to do +1\ncancelled +1\n$/);
    expect(await readdir(folder)).toEqual(['film.mp4']);
    expect(await isOld()).toBe(true);
  });

  it('of a process that runs is no leftover to another', async () => {
    const program = PlayheadProcess.start(['optimize', folder]);
    await until(() => leftovers(folder).length > 0, 'a temporary file');
    program.signal('SIGSTOP');
    await copyFile(FAST, path.join(folder, 'other.mp4'));
    await optimize(path.join(folder, 'other.mp4'));
    expect(leftovers(folder)).toHaveLength(1);
    await rm(path.join(folder, 'other.mp4'));
    program.signal('SIGCONT');
    expect(await program.exited()).toBe(0);
    expect(await hashOf(film())).toBe(newHash);
  });

  it('gives way to whoever changes or replaces the file meanwhile', async () => {
    for (const change of [() => utimes(film(), 1, 1), () => copyFile(FAST, film())]) {
      await rm(film());
      await copyFile(original, film());
      const program = PlayheadProcess.start(['optimize', folder]);
      await until(() => leftovers(folder).length > 0, 'a temporary file');
      await change();
      const expected = await hashOf(film());
      expect(await program.exited()).toBe(1);
      expect(program.stdout).toContain('(changed-meanwhile)');
      expect(await readdir(folder)).toEqual(['film.mp4']);
      expect(await hashOf(film())).toBe(expected);
    }
  });

  it('does not disturb a transfer under way, which ends with the old bytes', async () => {
    const served = await startPlayhead({ root: folder });
    const request = http.get(`${served.url}/files/film.mp4`);
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    const sum = createHash('sha256');
    response.pause();
    expect((await optimize(folder)).code).toBe(0);
    expect(await isOld()).toBe(false);
    for await (const chunk of response) sum.update(chunk as Buffer);
    expect(sum.digest('hex')).toBe(oldHash);
    const again = createHash('sha256');
    const [next] = (await once(http.get(`${served.url}/files/film.mp4`), 'response')) as [
      http.IncomingMessage,
    ];
    for await (const chunk of next) again.update(chunk as Buffer);
    expect(again.digest('hex')).toBe(newHash);
    await served.close();
  });

  it('costs no memory', async () => {
    const program = PlayheadProcess.start(['optimize', folder]);
    await until(() => leftovers(folder).length > 0, 'a temporary file');
    let peak = 0;
    while (leftovers(folder).length > 0) {
      const status = await readFile(`/proc/${program.pid}/status`, 'utf8').catch(() => '');
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
      await sleep(5);
    }
    await program.exited();
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThan(160 * 1024);
  });
});
