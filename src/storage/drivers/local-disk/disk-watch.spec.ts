import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { objectKey, ROOT_KEY } from '../../../core/path/index.js';
import type { EntryChange, StorageWatch } from '../../storage-driver.js';
import { DiskWatch } from './disk-watch.js';
import { LocalDiskDriver } from './local-disk-driver.js';
import { openVerified } from './open-verified.js';
import { WATCH_TIMES } from './watch-times.js';

/** Files are written synchronously: the watch cannot look before a step is done, however soon it looks. */
const FAST = { settle: 10, calm: 30, check: 100 };
/** Longer than anything is put off. */
const QUIET = FAST.settle + FAST.calm + 10;

/** How many folders the system watches for this process. */
function watchCount(): number {
  const infos = readdirSync('/proc/self/fdinfo').map((fd) => {
    try {
      return readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
    } catch {
      return '';
    }
  });
  return infos.join('').match(/^inotify wd/gm)?.length ?? 0;
}

async function until(isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !isSo() && Date.now() < deadline;) await sleep(2);
}

describe('LocalDiskDriver.watch', () => {
  let outside: string;
  let root: string;
  let changes: (EntryChange & { readonly at: number })[];
  let ends: string[];
  let watch: StorageWatch | undefined;
  let marks = 0;
  const at = (name: string) => path.join(root, name);
  const start = async (folder = '', recursive = true, times = FAST) => {
    const key = folder === '' ? ROOT_KEY : objectKey(folder.split('/'));
    watch = await new LocalDiskDriver({ root, hidden: false, watchTimes: times }).watch(
      key,
      { recursive },
      {
        onChange: (change) => changes.push({ ...change, at: performance.now() }),
        onEnd: ({ reason }) => ends.push(reason),
      },
    );
  };
  const lines = () => changes.map(({ change, kind, key }) => `${change} ${kind} ${key}`);
  /**
   * What was told since it was last asked for: at least so many, and what comes until a file is told of that is made
   * after them, and nothing more is put off.
   */
  const toldByNow = async (least = 0, folder = '') => {
    await until(() => changes.length >= least);
    const mark = path.posix.join(folder, `mark${++marks}`);
    writeFileSync(at(mark), '');
    await until(() => changes.some(({ key }) => key === mark));
    await sleep(QUIET);
    const told = lines();
    changes = [];
    expect(told).toContain(`created file ${mark}`);
    return told.filter((line) => !line.endsWith(mark));
  };
  const tells = async (...expected: string[]) => expect(await toldByNow(expected.length)).toEqual(expected);

  beforeEach(async () => {
    outside = await mkdtemp(path.join(await realpath(tmpdir()), 'playhead-watch-'));
    root = path.join(outside, 'media');
    mkdirSync(at('sub/deep'), { recursive: true });
    writeFileSync(at('sub/film.mp4'), 'film');
    mkdirSync(path.join(outside, 'other/in'), { recursive: true });
    writeFileSync(path.join(outside, 'other/secret'), 'secret');
    changes = [];
    ends = [];
  });
  afterEach(async () => {
    watch?.close();
    await rm(outside, { recursive: true, force: true });
  });

  it('tells what other programs do, each once and in order', async () => {
    await start();
    writeFileSync(at('a'), '1');
    await tells('created file a');
    appendFileSync(at('a'), '2');
    await tells('changed file a');
    writeFileSync(at('.new'), '3');
    renameSync(at('.new'), at('a'));
    await tells('changed file a');
    renameSync(at('a'), at('b'));
    await tells('removed file a', 'created file b');
    rmSync(at('b'));
    await tells('removed file b');
    renameSync(path.join(outside, 'other/in'), at('in'));
    await tells('created folder in');
    writeFileSync(at('in/late'), '1');
    await tells('created file in/late');
    renameSync(at('in'), at('out'));
    await tells('removed folder in', 'created folder out');
    writeFileSync(at('out/later'), '1');
    await tells('created file out/later');
    rmSync(at('out'), { recursive: true });
    await tells('removed folder out');
    writeFileSync(at('sub/deep/x'), '1');
    await tells('created file sub/deep/x');
    rmSync(at('sub'), { recursive: true });
    await tells('removed folder sub');
    writeFileSync(at('thing'), '1');
    await tells('created file thing');
    rmSync(at('thing'));
    mkdirSync(at('thing'));
    await tells('removed file thing', 'created folder thing');
    expect(ends).toEqual([]);
  });

  it('sees everything in folders that come fast, by the folder or by itself', async () => {
    await start();
    mkdirSync(at('x/y/z'), { recursive: true });
    for (const name of ['x/1', 'x/y/2', 'x/y/z/3']) writeFileSync(at(name), '1');
    await tells('created folder x');
    writeFileSync(at('x/y/z/4'), '1');
    await tells('created file x/y/z/4');
    for (let round = 0; round < 100; round++) {
      mkdirSync(at('flicker'));
      await sleep(round % 2); // looked at in every state
      rmSync(at('flicker'), { recursive: true });
    }
    await toldByNow();
    writeFileSync(at('after'), '1');
    await tells('created file after');
    expect(ends).toEqual([]);
  });

  it('tells of a file that is being written now and then, and what it is in the end', async () => {
    await start();
    for (const end = Date.now() + 8 * FAST.calm; Date.now() < end; await sleep(5))
      appendFileSync(at('f'), 'x');
    const { length } = readFileSync(at('f'));
    await until(() => changes.at(-1)?.size === length);
    expect(changes.at(-1)!.size).toBe(length);
    expect(changes.length).toBeGreaterThanOrEqual(3);
    expect(lines().join()).toMatch(/^created file f(,changed file f)+$/);
    // A millisecond for what lies between the clocks of the watch and of this test.
    for (const [index, change] of changes.slice(1).entries())
      expect(change.at - changes[index]!.at).toBeGreaterThan(FAST.calm - 1);
  });

  it('does not miss one of 1,000 files', async () => {
    await start('', true, WATCH_TIMES);
    const script = `for (let i = 0; i < 1000; i++) require('fs').writeFileSync('f' + i, 'x')`;
    await once(spawn(process.execPath, ['-e', script], { cwd: root }), 'close');
    await until(() => ends.length > 0 || changes.length >= 1000);
    if (ends.length > 0) expect(ends).toEqual(['unavailable']);
    else expect(new Set(await toldByNow()).size).toBe(1000);
    expect(changes.length).toBe(new Set(lines()).size);
  });

  it('tells nothing that is hidden, no file, or outside the root', async () => {
    symlinkSync('../other', at('link'));
    await start();
    writeFileSync(at('.hidden'), '1');
    mkdirSync(at('.git'));
    writeFileSync(at('.git/config'), '1');
    writeFileSync(path.join(outside, 'other/secret'), 'changed');
    writeFileSync(path.join(outside, 'other/new'), 'new');
    symlinkSync('../other', at('leak'));
    symlinkSync('/etc/passwd', at('leaked.txt'));
    symlinkSync('.hidden', at('visible'));
    symlinkSync('nowhere', at('dangling'));
    await tells();
    rmSync(at('leak'));
    rmSync(at('.hidden'));
    symlinkSync('sub/film.mp4', at('film'));
    symlinkSync('sub', at('linked'));
    await tells('created file film', 'created folder linked');
    writeFileSync(at('sub/new'), '1');
    await tells('created file sub/new');
  });

  it('does not go through a folder that was swapped for a link to the outside', async () => {
    await start();
    renameSync(at('sub'), path.join(outside, 'aside'));
    symlinkSync('../other', at('sub'));
    await tells('removed folder sub');
    writeFileSync(path.join(outside, 'other/new'), 'new');
    writeFileSync(path.join(outside, 'aside/new'), 'new');
    await tells();
  });

  it('watches one folder alone, and a linked one by its own name', async () => {
    const before = watchCount();
    await start('', false);
    expect(watchCount() - before).toBe(1);
    writeFileSync(at('sub/unseen'), '1');
    writeFileSync(at('seen'), '1');
    await tells('created file seen');
    watch!.close();
    symlinkSync('sub', at('linked'));
    await start('linked');
    writeFileSync(at('sub/deep/x'), '1');
    expect(await toldByNow(1, 'linked')).toEqual(['created file linked/deep/x']);
  });

  it('ends when the folder is gone, and leaves nothing behind', async () => {
    const before = watchCount();
    await start();
    expect(watchCount() - before).toBe(3);
    renameSync(root, `${root}-gone`);
    await until(() => ends.length > 0);
    expect(ends).toEqual(['unavailable']);
    expect(changes).toEqual([]);
    expect(watchCount()).toBe(before);
    renameSync(`${root}-gone`, root);
    await start('sub');
    rmSync(at('sub'), { recursive: true });
    await until(() => ends.length > 1);
    expect(ends).toEqual(['unavailable', 'missing']);
    expect(watchCount()).toBe(before);
  });

  it('ends when a folder above it has another name', async () => {
    await start('sub/deep');
    await sleep(3 * FAST.check);
    expect(ends).toEqual([]);
    renameSync(at('sub'), at('renamed'));
    await until(() => ends.length > 0);
    expect(ends).toEqual(['missing']);
  });

  it('leaves nothing behind when it is closed while it looks into a new folder', async () => {
    const before = watchCount();
    const closed = new Promise<void>((resolve) => {
      const surroundings = {
        hidden: false,
        openFolder: async (key: string) => {
          const opened = (await openVerified(at(key)))!;
          // The next turn: the folder is watched by then, and its names are being read.
          if (key === 'new') process.nextTick(() => (watch!.close(), resolve()));
          return opened;
        },
        look: async (key: string) => {
          const { stats, actual, descriptor } = (await openVerified(at(key)))!;
          await descriptor.close();
          return { kind: 'folder', stats, actual } as const;
        },
      };
      const listener = { onChange: () => undefined, onEnd: () => undefined };
      void DiskWatch.start(ROOT_KEY, true, surroundings, FAST, listener).then((started) => {
        watch = started;
        mkdirSync(at('new'));
      });
    });
    await closed;
    await sleep(QUIET);
    expect(watchCount()).toBe(before);
  });

  it('refuses what is no folder', async () => {
    await expect(start('sub/film.mp4')).rejects.toMatchObject({ reason: 'is-file' });
    await expect(start('nothing')).rejects.toMatchObject({ reason: 'missing' });
    symlinkSync('../other', at('leak'));
    await expect(start('leak')).rejects.toMatchObject({ reason: 'missing' });
  });
});
