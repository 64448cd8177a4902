import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from '../../../../test/support/playhead.js';
import { leftoversOf } from '../../../../test/support/storage/leftovers.js';
import { objectKey, ROOT_KEY } from '../../../core/path/index.js';
import type { WriteOptions } from '../../storage-driver.js';
import type { StorageErrorReason } from '../../storage-error.js';
import { LocalDiskDriver } from './local-disk-driver.js';

const key = (name: string) => objectKey(name.split('/'));
const refusal = (reason: StorageErrorReason) => expect.objectContaining({ name: 'StorageError', reason });
const content = (text: string) => Readable.from([Buffer.from(text)]);
const REPLACE = { onConflict: 'replace' } as const;
const isRoot = process.getuid?.() === 0;

describe('LocalDiskDriver, writing', () => {
  let outside: string;
  let root: string;
  let driver: LocalDiskDriver;
  const at = (name: string) => path.join(root, name);
  const textOf = async (name: string) => String(await readFile(at(name)));
  const modeOf = async (name: string) => (await stat(at(name))).mode & 0o7777;
  const write = (name: string, text: string, options: WriteOptions = REPLACE) =>
    driver.write(key(name), content(text), options);
  const namesIn = async (folder = ROOT_KEY) => {
    const names: string[] = [];
    for await (const batch of driver.list(folder)) names.push(...batch.map(({ name }) => name));
    return names.sort();
  };

  beforeEach(async () => {
    outside = await makeFolder();
    root = path.join(outside, 'media');
    await mkdir(at('sub'), { recursive: true });
    await writeFile(at('sub/film.mp4'), 'film');
    await writeFile(path.join(outside, 'secret.txt'), 'secret');
    driver = new LocalDiskDriver({ root, hidden: false });
  });
  afterEach(async () => {
    expect(await leftoversOf(root)).toEqual([]);
    expect(await readFile(path.join(outside, 'secret.txt'), 'utf8')).toBe('secret');
    await rm(outside, { recursive: true });
  });

  describe('the state folder', () => {
    it('is made by the first change, for nobody else', async () => {
      await driver.stat(key('sub'));
      await namesIn();
      await driver.recover();
      expect(await readdir(root)).toEqual(['sub']);
      await write('f', 'bytes');
      expect((await readdir(root)).sort()).toEqual(['.playhead', 'f', 'sub']);
      expect(await modeOf('.playhead')).toBe(0o700);
      expect(await modeOf('.playhead/tmp')).toBe(0o700);
    });

    it.each([
      '.playhead',
      '.playhead/tmp/x',
      'sub/.playhead',
      'sub/.playhead-optimize-1.tmp',
      'way/x',
      'way',
    ])('cannot be reached as %s, even when hidden names are served', async (name) => {
      await write('f', 'bytes');
      driver = new LocalDiskDriver({ root, hidden: true });
      for (const folder of ['.playhead/tmp/x', 'sub/.playhead']) await mkdir(at(folder), { recursive: true });
      await writeFile(at('sub/.playhead-optimize-1.tmp'), 'secret');
      await symlink('.playhead/tmp', at('way'));
      for (const look of [driver.stat(key(name)), driver.open(key(name)), driver.list(key(name)).next()])
        await expect(look).rejects.toEqual(refusal('missing'));
      await expect(driver.remove(key(name))).rejects.toEqual(refusal('missing'));
      await expect(driver.move(key(name), key('g'))).rejects.toEqual(refusal('missing'));
      await expect(driver.copy(key(name), key('g'))).rejects.toEqual(refusal('missing'));
      const reasons = expect.objectContaining({
        reason: expect.stringMatching(/^(bad-name|denied|exists)$/),
      });
      await expect(write(name, 'x')).rejects.toEqual(reasons);
      await expect(driver.makeFolder(key(name))).rejects.toEqual(reasons);
      await expect(driver.move(key('f'), key(name))).rejects.toEqual(reasons);
      expect(await namesIn()).toEqual(['f', 'sub']);
      expect(await namesIn(key('sub'))).toEqual(['film.mp4']);
      await rm(at('.playhead/tmp/x'), { recursive: true });
      await rm(at('sub/.playhead-optimize-1.tmp'));
    });

    it('is found by its place where it has a name of its own', async () => {
      driver = new LocalDiskDriver({ root, hidden: true, stateDir: at('sub/state') });
      await write('sub/f', 'bytes');
      expect(await namesIn(key('sub'))).toEqual(['f', 'film.mp4']);
      expect(await readdir(at('sub/state'))).toEqual(['tmp']);
      await expect(driver.stat(key('sub/state'))).rejects.toEqual(refusal('missing'));
      await expect(write('sub/state/tmp/x', 'x')).rejects.toEqual(refusal('denied'));
      await expect(driver.move(key('sub'), key('other'))).rejects.toEqual(refusal('denied'));
      await expect(driver.remove(key('sub'))).rejects.toEqual(refusal('denied'));
    });

    it('is not followed when it is a link', async () => {
      await mkdir(path.join(outside, 'trap'));
      await symlink('../trap', at('.playhead'));
      await expect(write('f', 'bytes')).rejects.toEqual(refusal('unavailable'));
      await rm(at('.playhead'));
      await mkdir(at('.playhead'));
      await symlink('../../trap', at('.playhead/tmp'));
      await expect(write('f', 'bytes')).rejects.toEqual(refusal('unavailable'));
      expect(await readdir(path.join(outside, 'trap'))).toEqual([]);
      await rm(at('.playhead'), { recursive: true });
    });

    it('cannot be what is served', async () => {
      driver = new LocalDiskDriver({ root, hidden: false, stateDir: root });
      await expect(write('f', 'bytes')).rejects.toEqual(refusal('unavailable'));
      expect(await readdir(root)).toEqual(['sub']);
    });
  });

  describe('links', () => {
    it('to a file are written through: what was read is what is written', async () => {
      await symlink('sub/film.mp4', at('link.mp4'));
      const { validators, created } = await write('link.mp4', 'new');
      expect(created).toBe(false);
      expect((await lstat(at('link.mp4'))).isSymbolicLink()).toBe(true);
      expect(await textOf('sub/film.mp4')).toBe('new');
      expect(await driver.stat(key('sub/film.mp4'))).toMatchObject({ validators });
      await write('link.mp4', 'newer', { ...REPLACE, conditions: { ifMatch: [validators.etag] } });
      expect(await textOf('sub/film.mp4')).toBe('newer');
    });

    it('to a folder inside are folders', async () => {
      await symlink('sub', at('linked'));
      await write('linked/new/f', 'bytes');
      expect(await textOf('sub/new/f')).toBe('bytes');
    });

    it.each([
      ['a file outside', '../secret.txt', 'link'],
      ['nothing', 'nowhere', 'link'],
      ['itself', 'link', 'link'],
      ['a hidden file', '.hidden', 'link'],
    ])('to %s are neither followed nor replaced', async (_, target, name) => {
      await writeFile(at('.hidden'), 'hidden');
      await symlink(target, at('link'));
      await expect(write(name, 'x')).rejects.toEqual(refusal('exists'));
      await expect(write(name, 'x', {})).rejects.toEqual(refusal('exists'));
      await expect(driver.move(key('sub/film.mp4'), key(name), REPLACE)).rejects.toEqual(refusal('exists'));
      await expect(driver.remove(key(name))).rejects.toEqual(refusal('missing'));
      await expect(driver.move(key(name), key('g'))).rejects.toEqual(refusal('missing'));
      await expect(driver.copy(key(name), key('g'))).rejects.toEqual(refusal('missing'));
      expect(await write(name, 'x', { onConflict: 'rename' })).toMatchObject({ key: 'link (1)' });
      expect(await textOf('.hidden')).toBe('hidden');
      expect((await lstat(at('link'))).isSymbolicLink()).toBe(true);
    });

    it.each([
      ['outside', '..', 'denied'],
      ['to nothing', 'nowhere', 'exists'],
      ['to what is hidden', '.secret', 'denied'],
      ['to a file', 'sub/film.mp4', 'parent-is-file'],
    ] as const)('that lead %s are no folders', async (_, target, reason) => {
      await mkdir(at('.secret'));
      await symlink(target, at('link'));
      for (const name of ['link/f', 'link/new/f']) {
        await expect(write(name, 'x')).rejects.toEqual(refusal(reason));
        await expect(driver.move(key('sub/film.mp4'), key(name))).rejects.toEqual(refusal(reason));
        await expect(driver.copy(key('sub'), key(name))).rejects.toEqual(refusal(reason));
      }
      expect(await readdir(outside)).toEqual(['media', 'secret.txt']);
      expect(await readdir(at('.secret'))).toEqual([]);
      expect(await textOf('sub/film.mp4')).toBe('film');
    });

    it('are removed and moved themselves, and copied as what they lead to', async () => {
      await symlink('sub/film.mp4', at('link.mp4'));
      await symlink('sub', at('folder'));
      await driver.copy(key('link.mp4'), key('copy.mp4'));
      await driver.copy(key('folder'), key('copies'));
      expect((await lstat(at('copy.mp4'))).isFile()).toBe(true);
      expect((await lstat(at('copies'))).isDirectory()).toBe(true);
      await driver.move(key('link.mp4'), key('other.mp4'));
      expect(await textOf('other.mp4')).toBe('film');
      // From another folder it would lead elsewhere.
      await expect(driver.move(key('other.mp4'), key('sub/other.mp4'))).rejects.toEqual(refusal('denied'));
      await driver.remove(key('other.mp4'));
      await driver.remove(key('folder'));
      expect(await namesIn()).toEqual(['copies', 'copy.mp4', 'sub']);
      expect(await textOf('sub/film.mp4')).toBe('film');
    });

    it('inside a folder are copied and removed as links', async () => {
      await symlink('../../secret.txt', at('sub/leak'));
      await driver.copy(key('sub'), key('copy'));
      expect((await lstat(at('copy/leak'))).isSymbolicLink()).toBe(true);
      await expect(driver.open(key('copy/leak'))).rejects.toEqual(refusal('missing'));
      await driver.remove(key('sub'));
      await driver.remove(key('copy'));
      expect(await namesIn()).toEqual([]);
    });
  });

  describe('attributes', () => {
    const umask = process.umask();

    it('of a new file are those of any other', async () => {
      await write('new/f', 'bytes');
      expect(await modeOf('new/f')).toBe(0o644 & ~umask);
      expect(await modeOf('new')).toBe(0o755 & ~umask);
      await driver.makeFolder(key('other'));
      expect(await modeOf('other')).toBe(0o755 & ~umask);
    });

    it('of a replaced file stay, but for the bits that lend power', async () => {
      await chmod(at('sub/film.mp4'), 0o4750);
      await write('sub/film.mp4', 'new');
      expect(await modeOf('sub/film.mp4')).toBe(0o750);
    });

    (isRoot ? it : it.skip)('of a replaced file keep owner and group, for root', async () => {
      await chown(at('sub/film.mp4'), 1234, 2345);
      await write('sub/film.mp4', 'new');
      expect(await stat(at('sub/film.mp4'))).toMatchObject({ uid: 1234, gid: 2345 });
    });

    (isRoot ? it : it.skip)('of a folder that passes its group on count', async () => {
      await chown(at('sub'), -1, 2345);
      await chmod(at('sub'), 0o2775);
      await write('sub/f', 'bytes');
      await write('sub/a/b/f', 'bytes');
      for (const name of ['sub/f', 'sub/a', 'sub/a/b']) expect((await stat(at(name))).gid).toBe(2345);
      expect(await modeOf('sub/a')).toBe(0o2755 & ~umask);
    });

    it('of a copy are those of the original', async () => {
      await chmod(at('sub/film.mp4'), 0o640);
      await utimes(at('sub/film.mp4'), 1e9, 1e9);
      await driver.copy(key('sub'), key('copy'));
      expect(await stat(at('copy/film.mp4'))).toMatchObject({ mtimeMs: 1e12, mode: 0o100640 });
    });

    it('that forbid everybody to write are respected', async () => {
      await chmod(at('sub/film.mp4'), 0o444);
      await expect(write('sub/film.mp4', 'new')).rejects.toEqual(refusal('denied'));
      await writeFile(at('f'), 'other');
      await expect(driver.move(key('f'), key('sub/film.mp4'), REPLACE)).rejects.toEqual(refusal('denied'));
      expect(await textOf('sub/film.mp4')).toBe('film');
    });
  });

  it('moves onto another name of the same file', async () => {
    await link(at('sub/film.mp4'), at('twin.mp4'));
    await expect(driver.move(key('twin.mp4'), key('sub/film.mp4'))).rejects.toEqual(refusal('exists'));
    await driver.move(key('twin.mp4'), key('sub/film.mp4'), REPLACE);
    expect(await namesIn()).toEqual(['sub']);
    expect(await textOf('sub/film.mp4')).toBe('film');
    await driver.move(key('sub/film.mp4'), key('sub/film.mp4'), REPLACE);
    expect(await textOf('sub/film.mp4')).toBe('film');
  });

  it('holds no descriptor after a change, whether it was made or refused', async () => {
    const descriptors = async () => (await readdir('/proc/self/fd')).length;
    const changes = [
      () => write('a/b/f', 'bytes'),
      () => write('a/b/f', 'bytes', {}),
      () => write('a/b/f', 'bytes', { ...REPLACE, length: 3 }),
      () => write('sub/film.mp4/x', 'bytes'),
      () => driver.copy(key('sub'), key('c/d')),
      () => driver.copy(key('sub'), key('sub/d')),
      () => driver.move(key('c'), key('e/f')),
      () => driver.move(key('c'), key('e/f')),
      () => driver.remove(key('e')),
      () => driver.remove(key('nothing')),
      () => driver.recover(),
    ];
    await write('f', 'bytes');
    const before = await descriptors();
    for (const change of changes) await change().catch(() => undefined);
    expect(await descriptors()).toBe(before);
  });
});
