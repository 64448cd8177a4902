import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { objectKey } from '../../../core/path/index.js';
import type { StorageWatch } from '../../storage-driver.js';
import { LocalDiskDriver } from './local-disk-driver.js';

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

describe('LocalDiskDriver.watch', () => {
  let outside: string;
  let root: string;
  let told: string[];
  let ends: string[];
  let watch: StorageWatch | undefined;
  const at = (name: string) => path.join(root, name);
  const start = async (folder = '', recursive = true, hidden = false) => {
    const key = objectKey(folder === '' ? [] : folder.split('/'));
    watch = await new LocalDiskDriver({ root, hidden }).watch(
      key,
      { recursive },
      {
        onChange: ({ change, key, kind }) => told.push(`${change} ${kind} ${key}`),
        onEnd: ({ reason }) => ends.push(reason),
      },
    );
  };
  /** Everything told once nothing more comes. */
  const toldByNow = async () => {
    for (let before = -1; before !== told.length;) {
      before = told.length;
      await sleep(350);
    }
    return told.splice(0);
  };

  beforeEach(async () => {
    outside = await mkdtemp(path.join(await realpath(tmpdir()), 'playhead-watch-'));
    root = path.join(outside, 'media');
    await mkdir(at('sub/deep'), { recursive: true });
    await writeFile(at('sub/film.mp4'), 'film');
    await mkdir(path.join(outside, 'other/in'), { recursive: true });
    await writeFile(path.join(outside, 'other/secret'), 'secret');
    told = [];
    ends = [];
  });
  afterEach(async () => {
    watch?.close();
    await rm(outside, { recursive: true, force: true });
  });

  it('tells what other programs do, each once and in order', async () => {
    await start();
    const steps: [() => Promise<unknown>, string[]][] = [
      [() => writeFile(at('a'), '1'), ['created file a']],
      [() => sleep(1000).then(() => appendFile(at('a'), '2')), ['changed file a']],
      [
        async () => {
          await sleep(1000);
          await writeFile(at('.new'), '3');
          await rename(at('.new'), at('a'));
        },
        ['changed file a'],
      ],
      [() => rename(at('a'), at('b')), ['removed file a', 'created file b']],
      [() => rm(at('b')), ['removed file b']],
      [() => rename(path.join(outside, 'other/in'), at('in')), ['created folder in']],
      [() => writeFile(at('in/late'), '1'), ['created file in/late']],
      [() => rename(at('in'), at('out')), ['removed folder in', 'created folder out']],
      [() => writeFile(at('out/later'), '1'), ['created file out/later']],
      [() => rm(at('out'), { recursive: true }), ['removed folder out']],
      [() => writeFile(at('sub/deep/x'), '1'), ['created file sub/deep/x']],
      [() => rm(at('sub'), { recursive: true }), ['removed folder sub']],
      [
        async () => {
          await writeFile(at('thing'), '1');
          await sleep(300);
          await rm(at('thing'));
          await mkdir(at('thing'));
        },
        ['created file thing', 'removed file thing', 'created folder thing'],
      ],
    ];
    for (const [step, expected] of steps) {
      await step();
      expect(await toldByNow()).toEqual(expected);
    }
    expect(ends).toEqual([]);
  }, 30_000);

  it('sees everything in folders that come fast, by the folder or by itself', async () => {
    await start();
    await mkdir(at('x/y/z'), { recursive: true });
    for (const name of ['x/1', 'x/y/2', 'x/y/z/3']) await writeFile(at(name), '1');
    expect((await toldByNow())[0]).toBe('created folder x');
    await writeFile(at('x/y/z/4'), '1');
    expect(await toldByNow()).toEqual(['created file x/y/z/4']);
    for (let round = 0; round < 200; round++) {
      await mkdir(at('flicker'));
      await rm(at('flicker'), { recursive: true });
    }
    await toldByNow();
    await writeFile(at('after'), '1');
    expect(await toldByNow()).toEqual(['created file after']);
    expect(ends).toEqual([]);
  });

  it('tells of a file that is being written about once a second', async () => {
    await start();
    for (let round = 0; round < 25; round++) {
      await appendFile(at('growing'), 'x');
      await sleep(100);
    }
    const all = [...(await toldByNow()), ...(await sleep(1000).then(toldByNow))];
    expect(all[0]).toBe('created file growing');
    expect(all.slice(1).every((line) => line === 'changed file growing')).toBe(true);
    expect(all.length).toBeGreaterThanOrEqual(3);
    expect(all.length).toBeLessThanOrEqual(5);
  });

  it('does not miss one of 3,000 files', async () => {
    await start();
    const script = `for (let i = 0; i < 3000; i++) require('fs').writeFileSync('f' + i, 'x')`;
    await once(spawn(process.execPath, ['-e', script], { cwd: root }), 'close');
    const all = await toldByNow();
    if (ends.length === 0) expect(new Set(all).size).toBe(3000);
    else expect(ends).toEqual(['unavailable']);
    expect(all.length).toBe(new Set(all).size);
  }, 30_000);

  it('tells nothing that is hidden, no file, or outside the root', async () => {
    await symlink('../other', at('link'));
    await start();
    await writeFile(at('.hidden'), '1');
    await mkdir(at('.git'));
    await writeFile(at('.git/config'), '1');
    await writeFile(path.join(outside, 'other/secret'), 'changed');
    await writeFile(path.join(outside, 'other/new'), 'new');
    await symlink('../other', at('leak'));
    await symlink('/etc/passwd', at('leaked.txt'));
    await symlink('.hidden', at('visible'));
    await symlink('nowhere', at('dangling'));
    expect(await toldByNow()).toEqual([]);
    await rm(at('leak'));
    await rm(at('.hidden'));
    await symlink('sub/film.mp4', at('film'));
    await symlink('sub', at('linked'));
    expect(await toldByNow()).toEqual(['created file film', 'created folder linked']);
    await writeFile(at('sub/new'), '1');
    expect(await toldByNow()).toEqual(['created file sub/new']);
  });

  it('does not go through a folder that was swapped for a link to the outside', async () => {
    await start();
    await rename(at('sub'), path.join(outside, 'aside'));
    await symlink('../other', at('sub'));
    expect(await toldByNow()).toEqual(['removed folder sub']);
    await writeFile(path.join(outside, 'other/new'), 'new');
    await writeFile(path.join(outside, 'aside/new'), 'new');
    expect(await toldByNow()).toEqual([]);
  });

  it('watches one folder alone, and a linked one by its own name', async () => {
    const before = watchCount();
    await start('', false);
    expect(watchCount() - before).toBe(1);
    await writeFile(at('sub/unseen'), '1');
    await writeFile(at('seen'), '1');
    expect(await toldByNow()).toEqual(['created file seen']);
    watch!.close();
    await symlink('sub', at('linked'));
    await start('linked');
    await writeFile(at('sub/deep/x'), '1');
    expect(await toldByNow()).toEqual(['created file linked/deep/x']);
  });

  it('ends when the folder is gone, and leaves nothing behind', async () => {
    const before = watchCount();
    await start();
    expect(watchCount() - before).toBe(3);
    await rename(root, `${root}-gone`);
    await sleep(100);
    expect(ends).toEqual(['unavailable']);
    expect(told).toEqual([]);
    expect(watchCount()).toBe(before);
    await rename(`${root}-gone`, root);
    await start('sub');
    await rm(at('sub'), { recursive: true });
    await sleep(100);
    expect(ends).toEqual(['unavailable', 'missing']);
    expect(watchCount()).toBe(before);
  });

  it('refuses what is no folder', async () => {
    await expect(start('sub/film.mp4')).rejects.toMatchObject({ reason: 'is-file' });
    await expect(start('nothing')).rejects.toMatchObject({ reason: 'missing' });
    await symlink('../other', at('leak'));
    await expect(start('leak')).rejects.toMatchObject({ reason: 'missing' });
  });
});
