import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { objectKey } from '../../src/core/path/index.js';
import { LocalDiskDriver } from '../../src/storage/drivers/local-disk/local-disk-driver.js';
import { makeFolder } from '../support/playhead.js';
import { leftoversOf } from '../support/storage/leftovers.js';
import { mount, unmount, whyNoMount } from '../support/storage/mounted.js';

const KILLS = 50;
const SUPPORT = path.join(import.meta.dirname, '../support/storage');
const probe = await makeFolder();
const noMount = whyNoMount(probe);
await rm(probe, { recursive: true });
const key = (name: string) => objectKey(name.split('/'));

describe('the storage, with real processes', () => {
  let root: string;
  let driver: LocalDiskDriver;
  const children: ChildProcess[] = [];
  const at = (name: string) => path.join(root, name);
  const start = (script: string, ...args: string[]) => {
    const child = spawn(process.execPath, [path.join(SUPPORT, script), ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  };
  const kill = async (child: ChildProcess) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };

  beforeEach(async () => {
    root = await makeFolder();
    driver = new LocalDiskDriver({ root, hidden: false });
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map(kill));
    await rm(root, { recursive: true });
  });

  /** A file of the writer's is whole when it begins with the digest of its rest. */
  const expectWhole = async (name: string) => {
    const bytes = await readFile(at(name));
    const [digest, rest] = [bytes.subarray(0, 32), bytes.subarray(32)];
    expect({ name, whole: createHash('sha256').update(rest).digest().equals(digest) }).toEqual({
      name,
      whole: true,
    });
  };
  const putWhole = async (name: string) => {
    const rest = randomBytes(50_000);
    await mkdir(path.dirname(at(name)), { recursive: true });
    await writeFile(at(name), Buffer.concat([createHash('sha256').update(rest).digest(), rest]));
  };
  const filesBelow = async (folder: string) => {
    const entries = await readdir(at(folder), { recursive: true, withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
      .sort();
  };

  /** Kills writers at random moments; returns how many leftovers were found and removed. */
  const crash = async (kills: number) => {
    for (const name of [
      'replace/film',
      'move/a/film',
      'folders/kept/f',
      'folders/kept/g/h',
      'folders/a/x',
      'copy/film',
    ])
      await putWhole(name);
    for (const name of ['folders/a/y/z', 'move/b/.keep', 'folders/deep/.keep']) await putWhole(name);
    let leftovers = 0;
    const stale = new Set<string>();
    const started = () => {
      const child = start('crash-writer.mjs', root);
      return { child, ready: once(child.stdout, 'data') };
    };
    // The next one gets ready while one is at work.
    let following = started();
    for (let round = 0; round < kills; round += 1) {
      const { child, ready } = following;
      await ready;
      child.stdin.write('go\n');
      following = started();
      await sleep(Math.random() * 60);
      await kill(child);
      leftovers += (await leftoversOf(root)).length;
      await driver.recover();
      for (const name of await leftoversOf(root)) stale.add(name);
      const names = await filesBelow('');
      for (const name of names.filter((name) => !name.startsWith('.playhead/'))) await expectWhole(name);
      // Each is there once: under the old name or the new one.
      expect(names).toEqual(expect.arrayContaining(['replace/film', 'copy/film', 'folders/kept/g/h']));
      expect((await filesBelow('move')).filter((name) => name.endsWith('film'))).toHaveLength(1);
      const [a, b] = [await filesBelow('folders/a'), await filesBelow('folders/deep/b')];
      expect([a.length, b.length].sort()).toEqual([0, 2]);
      expect([0, 2]).toContain((await filesBelow('copy/folder')).length);
      // The folders of a new file come with it.
      for (const entry of await readdir(at('create')).catch(() => []))
        expect(existsSync(at(`create/${entry}/new/film`))).toBe(true);
      await rm(at('create'), { recursive: true, force: true });
      await driver.remove(key('copy/folder')).catch(() => undefined);
    }
    expect([...stale]).toEqual([]);
    await kill(following.child);
    return leftovers;
  };

  it(`is killed at ${KILLS} moments while it writes, replaces, moves, copies and removes, and loses nothing`, async () => {
    expect(await crash(KILLS)).toBeGreaterThan(KILLS / 4);
  }, 120_000);

  const beside = async () => {
    const state = path.join(root, '.playhead');
    await mkdir(state);
    expect(mount(state, '64m').status).toBe(0);
    try {
      expect(await crash(KILLS / 2)).toBeGreaterThan(KILLS / 8);
    } finally {
      await Promise.all(children.splice(0).map(kill));
      unmount(state);
    }
  };
  if (noMount === undefined) it('the same where temporary files have to be beside', beside, 120_000);
  else it.skip(`the same where temporary files have to be beside: ${noMount}`, beside);

  it('of two processes that want a new name one gets it, a hundred times', async () => {
    const racers = ['one', 'two'].map((text) => start('racer.mjs', root, text));
    const replies = racers.map((racer) => createInterface({ input: racer.stdout })[Symbol.asyncIterator]());
    const next = () => Promise.all(replies.map(async (reply) => (await reply.next()).value as string));
    expect(await next()).toEqual(['ready', 'ready']);
    const winners = new Set<string>();
    for (let round = 0; round < 100; round += 1) {
      const name = round % 2 ? `film-${round}` : `new-${round}/film`;
      for (const racer of racers) racer.stdin.write(`${name}\n`);
      const outcomes = await next();
      expect([...outcomes].sort()).toEqual(['precondition-failed', 'won']);
      const winner = ['one', 'two'][outcomes.indexOf('won')]!;
      expect(await readFile(at(name), 'utf8')).toBe(winner);
      winners.add(winner);
    }
    expect(await leftoversOf(root)).toEqual([]);
    expect(winners.size).toBe(2);
  }, 60_000);

  it('a reader during replacement sees one version, whole', async () => {
    await putWhole('replace/film');
    for (const name of ['move/a/film', 'move/b/.keep', 'folders/kept/f', 'folders/a/x', 'folders/deep/.keep'])
      await putWhole(name);
    const child = start('crash-writer.mjs', root);
    child.stdin.write('go\n');
    await once(child.stdout, 'data');
    const tags = new Map<string, string>();
    for (let round = 0; round < 400; round += 1) {
      const object = await driver.open(key('replace/film'));
      const sum = createHash('sha256');
      const half = Math.floor(object.source.size / 2);
      const first = await object.source.read(0, half);
      await sleep(round % 4);
      const bytes = Buffer.concat([first, await object.source.read(half, object.source.size - half)]);
      expect(sum.update(bytes.subarray(32)).digest().equals(bytes.subarray(0, 32))).toBe(true);
      const { opaque } = object.validators.etag;
      const seen = tags.get(opaque) ?? bytes.toString('hex', 0, 32);
      expect(bytes.toString('hex', 0, 32)).toBe(seen);
      tags.set(opaque, seen);
      await object.close();
    }
    expect(new Set(tags.values()).size).toBeGreaterThan(5);
    await kill(child);
    await driver.recover();
  }, 60_000);

  it('creates nothing outside while a folder is swapped for a link that leads there', async () => {
    const outside = await makeFolder();
    await mkdir(at('sub'));
    await writeFile(at('other'), 'other');
    await symlink(outside, at('door'));
    const child = start('swapper.mjs', root);
    await once(child.stdout, 'data');
    const outcomes = new Set<string>();
    const attempt = async (change: Promise<unknown>) =>
      outcomes.add(
        await change.then(
          () => 'done',
          (error: { reason: string }) => error.reason,
        ),
      );
    for (let round = 0; round < 100; round += 1) {
      const content = () => Readable.from([Buffer.from('bytes')]);
      await Promise.all([
        attempt(driver.write(key('sub/film'), content(), { onConflict: 'replace' })),
        attempt(driver.write(key(`sub/${round}/film`), content())),
        attempt(driver.makeFolder(key(`sub/folder-${round}`))),
        attempt(driver.copy(key('other'), key(`sub/copy-${round}`))),
        attempt(driver.remove(key('sub/film'))),
      ]);
      if (round % 20 === 0) expect(await readdir(outside)).toEqual([]);
    }
    expect(child.exitCode).toBeNull();
    await kill(child);
    expect(await readdir(outside)).toEqual([]);
    expect([...outcomes]).toEqual(expect.arrayContaining(['done', 'denied']));
    expect(await leftoversOf(root)).toEqual([]);
    await rm(outside, { recursive: true });
  }, 60_000);
});
