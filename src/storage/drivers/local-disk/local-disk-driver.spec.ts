import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import {
  link,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { objectKey, type ObjectKey } from '../../../core/path/index.js';
import { leftoversOf } from '../../../../test/support/storage/leftovers.js';
import { describeDriver } from '../../driver-contract.js';
import type { StagedContent } from '../../storage-driver.js';
import { LocalDiskDriver } from './local-disk-driver.js';

const makeFolder = async () => mkdtemp(path.join(await realpath(tmpdir()), 'playhead-disk-'));
const key = (name: string) => objectKey(name.split('/'));
const SWAPPER = `
  const { renameSync } = require('node:fs');
  const { root } = require('node:worker_threads').workerData;
  const nap = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random() / 5);
  const move = (from, to) => renameSync(root + '/' + from, root + '/' + to);
  for (;;) {
    move('sub', 'aside'); move('door', 'sub'); nap();
    move('sub', 'door'); move('aside', 'sub'); nap();
  }`;
const missing = expect.objectContaining({ reason: 'missing' });

describeDriver('LocalDiskDriver', async () => {
  let created = 0;
  const root = await makeFolder();
  const driver = new LocalDiskDriver({ root, hidden: false });
  return {
    driver,
    put: async (name: ObjectKey, content: string) => {
      const file = path.join(root, name);
      const fresh = path.join(root, `.new-${++created}`);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(fresh, content);
      await rename(fresh, file);
    },
    remove: (name: ObjectKey) => rm(path.join(root, name)),
    stage: async (content: string) => {
      const name = `upload-${++created}`;
      await writeFile(path.join(await driver.stateFolder('uploads'), name), content);
      return `uploads/${name}` as StagedContent;
    },
    leftovers: () => leftoversOf(root),
    dispose: () => rm(root, { recursive: true }),
  };
});

describe('LocalDiskDriver', () => {
  let outside: string;
  let root: string;
  let driver: LocalDiskDriver;
  const at = (name: string) => path.join(root, name);
  const contentOf = async (name: string) => {
    const object = await driver.open(key(name));
    const content = String(await object.source.read(0, 1000));
    await object.close();
    return content;
  };
  const tagOf = async (name: string) => {
    const stat = await driver.stat(key(name));
    return stat.kind === 'file' ? stat.validators.etag.opaque : undefined;
  };
  const descriptors = async () => (await readdir('/proc/self/fd')).length;
  /** Some moment after the last use. */
  const untilClosed = async (before: number) => {
    for (let waited = 0; waited < 10_000 && (await descriptors()) > before; waited += 50)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await descriptors()).toBeLessThanOrEqual(before);
  };
  const afterTick = () => new Promise((resolve) => setTimeout(resolve, 40));

  beforeEach(async () => {
    outside = await makeFolder();
    root = path.join(outside, 'media');
    await mkdir(at('sub'), { recursive: true });
    await writeFile(at('sub/film.mp4'), 'film');
    await writeFile(path.join(outside, 'secret.txt'), 'secret');
    // A sibling whose name begins like the root's.
    await mkdir(path.join(outside, 'media-secret'));
    await writeFile(path.join(outside, 'media-secret/secret.txt'), 'secret');
    driver = new LocalDiskDriver({ root, hidden: false });
  });
  afterEach(() => rm(outside, { recursive: true, force: true }));

  it.each([
    ['a relative link', 'sub/film.mp4'],
    ['a link through ..', 'sub/../sub/film.mp4'],
    ['a link to a link', 'first'],
  ])('follows %s inside the root', async (_, target) => {
    await symlink('sub/film.mp4', at('first'));
    await symlink(target, at('link.mp4'));
    expect(await contentOf('link.mp4')).toBe('film');
  });

  it('follows linked folders and absolute links inside the root', async () => {
    await symlink(at('sub'), at('linked'));
    expect(await contentOf('linked/film.mp4')).toBe('film');
  });

  it.each([
    ['a file outside', '../secret.txt', 'link'],
    ['a sibling that begins with the same name', '../media-secret/secret.txt', 'link'],
    ['a folder outside', '..', 'link/secret.txt'],
    ['the root of the machine', '/', 'link/etc/passwd'],
    ['nothing', 'nowhere', 'link'],
    ['itself', 'link', 'link'],
  ])('does not follow a link to %s', async (_, target, name) => {
    await symlink(target, at('link'));
    await expect(driver.open(key(name))).rejects.toEqual(missing);
    await expect(driver.stat(key(name))).rejects.toEqual(missing);
  });

  it('serves a root that is a link itself', async () => {
    await symlink('media', path.join(outside, 'current'));
    driver = new LocalDiskDriver({ root: path.join(outside, 'current'), hidden: false });
    expect(await contentOf('sub/film.mp4')).toBe('film');
  });

  it('misses FIFOs, sockets and devices without ever opening them', async () => {
    execFileSync('mkfifo', [at('pipe.mp4')]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at('socket.mp4'), resolve));
    await symlink('/dev/zero', at('device.mp4'));
    for (const name of ['pipe.mp4', 'socket.mp4', 'device.mp4']) {
      await expect(driver.open(key(name))).rejects.toEqual(missing);
      await expect(driver.stat(key(name))).rejects.toEqual(missing);
    }
    server.close();
  });

  it('never leaves the root while a folder on the way is swapped for a link to the outside', async () => {
    await mkdir(path.join(outside, 'trap'));
    await writeFile(path.join(outside, 'trap/film.mp4'), 'secret');
    await symlink('../trap', at('door'));
    // In a thread of its own, so that it strikes between any two steps of the driver.
    const swapper = new Worker(SWAPPER, { eval: true, workerData: { root } });
    const seen = new Set<string>();
    for (let round = 0; round < 3000; round++) {
      seen.add(await contentOf('sub/film.mp4').catch((error: { reason: string }) => error.reason));
    }
    await swapper.terminate();
    expect([...seen].filter((content) => content !== 'film' && content !== 'missing')).toEqual([]);
    expect(seen).toContain('film');
  });

  it('lists links as what they lead to, and nothing that leads out or is no file', async () => {
    await symlink('sub/film.mp4', at('link.mp4'));
    await symlink(at('sub/../sub'), at('linked'));
    await symlink('.', at('self'));
    await symlink('../secret.txt', at('leak'));
    await symlink('nowhere', at('dangling'));
    execFileSync('mkfifo', [at('pipe')]);
    const listed = [];
    for await (const batch of driver.list(objectKey([]))) listed.push(...batch);
    expect(listed.map(({ name, kind, size, target }) => `${kind} ${name} ${size} ${target}`).sort()).toEqual([
      'file link.mp4 4 sub/film.mp4',
      'folder linked 0 sub',
      'folder self 0 ',
      'folder sub 0 undefined',
    ]);
  });

  it('closes the folder when nobody wants to hear the rest', async () => {
    await Promise.all(Array.from({ length: 300 }, (_, index) => writeFile(at(`f${index}`), '')));
    const before = await descriptors();
    for await (const batch of driver.list(objectKey([]))) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    expect(await descriptors()).toBe(before);
  });

  it('leaves no descriptor open, whether it opens or refuses', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const before = await descriptors();
    await contentOf('sub/film.mp4');
    for (let round = 0; round < 50; round++) {
      await contentOf('sub/film.mp4');
      await driver.open(key('sub')).catch(() => undefined);
      await driver.open(key('pipe')).catch(() => undefined);
      await driver.open(key('nothing')).catch(() => undefined);
    }
    await untilClosed(before);
  });

  it('does not show a hidden file under another name', async () => {
    await writeFile(at('.hidden'), 'hidden');
    await symlink('.hidden', at('visible'));
    await expect(driver.open(key('visible'))).rejects.toEqual(missing);
    driver = new LocalDiskDriver({ root, hidden: true });
    expect(await contentOf('visible')).toBe('hidden');
  });

  it('serves hidden names when told to', async () => {
    await writeFile(at('.hidden'), 'hidden');
    driver = new LocalDiskDriver({ root, hidden: true });
    expect(await contentOf('.hidden')).toBe('hidden');
  });

  it('is unavailable, not empty, when the root is gone', async () => {
    await rename(root, `${root}-gone`);
    await expect(driver.check()).rejects.toMatchObject({ reason: 'unavailable' });
    await expect(driver.open(key('sub/film.mp4'))).rejects.toMatchObject({ reason: 'unavailable' });
  });

  describe('strong validators', () => {
    it('stay the same while the file does', async () => {
      await afterTick();
      const tag = await tagOf('sub/film.mp4');
      await afterTick();
      expect(await tagOf('sub/film.mp4')).toBe(tag);
    });

    it('change with an edit of the same size in the same second', async () => {
      await afterTick();
      const tag = await tagOf('sub/film.mp4');
      await writeFile(at('sub/film.mp4'), 'mlif');
      expect(await tagOf('sub/film.mp4')).not.toBe(tag);
    });

    it('change with an edit that restores the modification time', async () => {
      const past = new Date(1_600_000_000_000);
      await utimes(at('sub/film.mp4'), past, past);
      await afterTick();
      const tag = await tagOf('sub/film.mp4');
      await writeFile(at('sub/film.mp4'), 'mlif');
      await utimes(at('sub/film.mp4'), past, past);
      await afterTick();
      expect(await tagOf('sub/film.mp4')).not.toBe(tag);
    });

    it('differ for a replacement of the same size and time', async () => {
      const past = new Date(1_600_000_000_000);
      await writeFile(at('other'), 'mlif');
      await Promise.all([utimes(at('other'), past, past), utimes(at('sub/film.mp4'), past, past)]);
      await afterTick();
      const tag = await tagOf('sub/film.mp4');
      await rename(at('other'), at('sub/film.mp4'));
      await afterTick();
      expect(await tagOf('sub/film.mp4')).not.toBe(tag);
    });

    it('never survive two edits within one tick of the clock', async () => {
      const tags = new Set<string>();
      for (let round = 0; round < 50; round++) {
        await writeFile(at('sub/film.mp4'), `f${round % 10}lm`);
        tags.add((await tagOf('sub/film.mp4'))!);
      }
      expect(tags.size).toBe(50);
    });

    it('are the same for two names of one file', async () => {
      await link(at('sub/film.mp4'), at('twin.mp4'));
      await afterTick();
      expect(await tagOf('twin.mp4')).toBe(await tagOf('sub/film.mp4'));
    });
  });

  describe('keeps a file open for a moment', () => {
    beforeEach(afterTick);

    it('and shares it', async () => {
      const before = await descriptors();
      const [first, ...others] = await Promise.all(
        Array.from({ length: 10 }, async (_, index) => {
          if (index > 0) await afterTick();
          return driver.open(key('sub/film.mp4'));
        }),
      );
      expect(await descriptors()).toBe(before + 1);
      await first!.close();
      await first!.close();
      expect(String(await others[0]!.source.read(0, 4))).toBe('film');
      await Promise.all(others.map((other) => other.close()));
      expect(await contentOf('sub/film.mp4')).toBe('film');
    });

    it.each([
      ['written over', () => writeFile(at('sub/film.mp4'), 'fresh')],
      ['written over at the same length', () => writeFile(at('sub/film.mp4'), 'mlif')],
      [
        'written over, with the old time restored',
        async () => {
          await writeFile(at('sub/film.mp4'), 'mlif');
          await utimes(at('sub/film.mp4'), 1e9, 1e9);
        },
      ],
      [
        'replaced',
        async () => {
          await writeFile(at('new'), 'young');
          await rename(at('new'), at('sub/film.mp4'));
        },
      ],
      [
        'replaced by way of its folder',
        async () => {
          await mkdir(at('other'));
          await writeFile(at('other/film.mp4'), 'other');
          await rename(at('sub'), at('old'));
          await rename(at('other'), at('sub'));
        },
      ],
    ])('and sees at once that it was %s', async (_, change) => {
      await utimes(at('sub/film.mp4'), 1e9, 1e9);
      await afterTick();
      const old = await driver.open(key('sub/film.mp4'));
      expect(String(await old.source.read(0, 10))).toBe('film');
      await old.close();
      await change();
      const expected = String(await readFile(at('sub/film.mp4')));
      expect(expected).not.toBe('film');
      const young = await driver.open(key('sub/film.mp4'));
      expect(young.source.size).toBe(expected.length);
      expect(String(await young.source.read(0, 10))).toBe(expected);
      expect(young.validators.etag).not.toEqual(old.validators.etag);
      await young.close();
    });

    it.each([
      ['removed', () => rm(at('sub/film.mp4'))],
      ['made unreadable by its name', () => rename(at('sub'), at('.sub'))],
      [
        'moved out of the root and linked back',
        async () => {
          await rename(at('sub'), path.join(outside, 'moved'));
          await symlink('../moved', at('sub'));
        },
      ],
    ])('and misses at once what was %s', async (_, change) => {
      const before = await descriptors();
      expect(await contentOf('sub/film.mp4')).toBe('film');
      await change();
      await expect(driver.open(key('sub/film.mp4'))).rejects.toEqual(missing);
      await untilClosed(before);
    });

    it('but not many of them, and none for long', async () => {
      await Promise.all(Array.from({ length: 400 }, (_, index) => writeFile(at(`f${index}`), `${index}`)));
      await afterTick();
      const before = await descriptors();
      for (let index = 0; index < 400; index++) expect(await contentOf(`f${index}`)).toBe(`${index}`);
      expect((await descriptors()) - before).toBeLessThanOrEqual(257);
      await untilClosed(before);
    });
  });
});
