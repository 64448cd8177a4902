import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  rm,
  statfs,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from '../../../../test/support/playhead.js';
import { leftoversOf } from '../../../../test/support/storage/leftovers.js';
import { mount, unmount, whyNoMount } from '../../../../test/support/storage/mounted.js';
import { objectKey } from '../../../core/path/index.js';
import type { StagedContent } from '../../storage-driver.js';
import type { StorageErrorReason } from '../../storage-error.js';
import { LocalDiskDriver } from './local-disk-driver.js';

const key = (name: string) => objectKey(name.split('/'));
const refusal = (reason: StorageErrorReason) => expect.objectContaining({ name: 'StorageError', reason });
const sumOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const probe = await makeFolder();
const why = whyNoMount(probe);
await rm(probe, { recursive: true });

if (why === undefined) describe('LocalDiskDriver over several file systems', tests);
else describe.skip(`LocalDiskDriver over several file systems: ${why}`, tests);

/** `root` is on one file system, `root/disk` on another of one mebibyte. */
function tests() {
  let root: string;
  let driver: LocalDiskDriver;
  const at = (name: string) => path.join(root, name);
  const write = (name: string, bytes: Uint8Array) =>
    driver.write(key(name), Readable.from([bytes]), { onConflict: 'replace' });

  beforeEach(async () => {
    root = await makeFolder();
    await mkdir(at('disk'));
    expect(mount(at('disk'), '1m').status).toBe(0);
    driver = new LocalDiskDriver({ root, hidden: false });
  });
  afterEach(async () => {
    expect(await leftoversOf(root)).toEqual([]);
    unmount(at('disk'));
    await rm(root, { recursive: true });
  });

  describe('a full disk', () => {
    const old = randomBytes(350_000);
    const large = randomBytes(900_000);

    it.each([
      ['told before, when the length is', 900_000],
      ['found out on the way', undefined],
    ])('is %s, and nothing is lost', async (_, length) => {
      driver = new LocalDiskDriver({ root: at('disk'), hidden: false });
      await write('f', old);
      const { bavail } = await statfs(at('disk'));
      for (const name of ['f', 'g', 'a/b/g']) {
        const options = { onConflict: 'replace', length } as const;
        await expect(driver.write(key(name), Readable.from([large]), options)).rejects.toEqual(
          refusal('full'),
        );
      }
      await driver.makeFolder(key('folder'));
      await write('folder/small', Buffer.alloc(10));
      await driver.copy(key('f'), key('folder/f'));
      await expect(driver.copy(key('folder'), key('folder2'))).rejects.toEqual(refusal('full'));
      expect((await readdir(at('disk'))).sort()).toEqual(['.playhead', 'f', 'folder']);
      expect(sumOf(await readFile(at('disk/f')))).toBe(sumOf(old));
      expect(await leftoversOf(at('disk'))).toEqual([]);
      await driver.remove(key('folder'));
      expect((await statfs(at('disk'))).bavail).toBeGreaterThanOrEqual(bavail - 4);
    });
  });

  it('is refused on one that is mounted read-only', async () => {
    await writeFile(at('disk/f'), 'bytes');
    expect(spawnSync('mount', ['-o', 'remount,ro', at('disk')]).status).toBe(0);
    driver = new LocalDiskDriver({ root: at('disk'), hidden: false });
    await expect(write('f', Buffer.from('x'))).rejects.toEqual(refusal('denied'));
    await expect(driver.remove(key('f'))).rejects.toEqual(refusal('denied'));
    await expect(driver.move(key('f'), key('g'))).rejects.toEqual(refusal('denied'));
    await expect(driver.recover()).resolves.toBe(0);
    expect(await readdir(at('disk'))).toEqual(['f']);
  });

  it('writes beside the target, noted in the journal before', async () => {
    const seen: unknown[] = [];
    async function* content() {
      yield Buffer.from('01234');
      const names = await readdir(at('disk'));
      const entries = await readdir(at('.playhead/journal'));
      const entry = await readFile(at(`.playhead/journal/${entries[0]}`), 'utf8');
      seen.push(names, entries.length, JSON.parse(entry));
      yield Buffer.from('56789');
    }
    const written = await driver.write(key('disk/a/f'), content(), {});
    expect(written).toMatchObject({ key: 'disk/a/f', size: 10 });
    const [name] = seen[0] as string[];
    expect(name).toMatch(/^\.playhead-write-.*\.tmp$/);
    expect(seen).toEqual([[name], 1, { kind: 'temporary', at: { folder: at('disk'), name } }]);
    expect(await readFile(at('disk/a/f'), 'utf8')).toBe('0123456789');
    expect(await driver.stat(key('disk/a/f'))).toMatchObject({ validators: written.validators });
    await driver.makeFolder(key('disk/b/c'));
    await driver.remove(key('disk/a'));
    expect(await readdir(at('disk'))).toEqual(['b']);
  });

  it('adopts what is staged on another', async () => {
    await writeFile(path.join(await driver.stateFolder('uploads'), 'u'), 'bytes');
    const staged = 'uploads/u' as StagedContent;
    const large = { length: 6 };
    await expect(driver.adopt(key('disk/a/f'), staged, large)).rejects.toEqual(refusal('length-mismatch'));
    expect(await driver.adopt(key('disk/a/f'), staged)).toMatchObject({ key: 'disk/a/f', size: 5 });
    expect(await readFile(at('disk/a/f'), 'utf8')).toBe('bytes');
    expect(await readdir(at('.playhead/uploads'))).toEqual([]);
  });

  it('keeps staged content that has no room', async () => {
    await writeFile(path.join(await driver.stateFolder('uploads'), 'u'), '');
    await truncate(at('.playhead/uploads/u'), 2_000_000);
    await expect(driver.adopt(key('disk/f'), 'uploads/u' as StagedContent)).rejects.toEqual(refusal('full'));
    expect(await readdir(at('.playhead/uploads'))).toEqual(['u']);
    expect(await readdir(at('disk'))).toEqual([]);
  });

  it.each([
    ['away', 'a', 'disk/new/a'],
    ['back', 'disk/a', 'new/a'],
  ])('moves a folder %s', async (_, from, to) => {
    await mkdir(at(`${from}/b`), { recursive: true });
    await Promise.all([writeFile(at(`${from}/f`), 'f'), writeFile(at(`${from}/b/.g`), 'g')]);
    await chmod(at(`${from}/f`), 0o600);
    await symlink('f', at(`${from}/link`));
    expect(await driver.move(key(from), key(to))).toEqual({ key: to, created: true });
    expect((await readdir(at(to))).sort()).toEqual(['b', 'f', 'link']);
    expect(await readFile(at(`${to}/b/.g`), 'utf8')).toBe('g');
    expect((await lstat(at(`${to}/f`))).mode).toBe(0o100600);
    expect((await lstat(at(`${to}/link`))).isSymbolicLink()).toBe(true);
    await expect(lstat(at(from))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('moves a file, over another when told', async () => {
    await Promise.all([writeFile(at('f'), 'f'), writeFile(at('disk/g'), 'g')]);
    await expect(driver.move(key('f'), key('disk/g'))).rejects.toEqual(refusal('exists'));
    expect(await driver.move(key('f'), key('disk/g'), { onConflict: 'rename' })).toMatchObject({
      key: 'disk/g (1)',
    });
    await driver.move(key('disk/g'), key('disk/g (1)'), { onConflict: 'replace' });
    await driver.copy(key('disk/g (1)'), key('f'));
    await driver.move(key('disk/g (1)'), key('f'), { onConflict: 'replace' });
    expect((await readdir(root)).sort()).toEqual(['.playhead', 'disk', 'f']);
    expect([await readdir(at('disk')), await readFile(at('f'), 'utf8')]).toEqual([[], 'g']);
  });

  it('moves nothing that has no room, that changes meanwhile, or that is a mount itself', async () => {
    await mkdir(at('a'));
    await writeFile(at('a/large'), randomBytes(1_200_000));
    await expect(driver.move(key('a'), key('disk/a'))).rejects.toEqual(refusal('full'));
    await truncate(at('a/large'), 600_000);
    let isChanged = false;
    const onProgress = () => {
      if (!isChanged) void writeFile(at('a/more'), 'more');
      isChanged = true;
    };
    await expect(driver.move(key('a'), key('disk/a'), { onProgress })).rejects.toEqual(refusal('changed'));
    await expect(driver.remove(key('disk'))).rejects.toEqual(refusal('unavailable'));
    expect((await readdir(at('a'))).sort()).toEqual(['large', 'more']);
    expect(await readdir(at('disk'))).toEqual([]);
  });
}
