import { spawnSync } from 'node:child_process';
import {
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from '../../../../test/support/playhead.js';
import { leftoversOf } from '../../../../test/support/storage/leftovers.js';
import { mount, unmount, whyNoMount } from '../../../../test/support/storage/mounted.js';
import { objectKey } from '../../../core/path/index.js';
import type { Discarded } from '../../storage-driver.js';
import type { StorageErrorReason } from '../../storage-error.js';
import { LocalDiskDriver } from './local-disk-driver.js';
import { THIS_WRITER } from './writer.js';

const key = (name: string) => objectKey(name.split('/'));
const refusal = (reason: StorageErrorReason) => expect.objectContaining({ name: 'StorageError', reason });
const { host, pid, start } = THIS_WRITER;
/** Of a process that has ended. */
const dead = (number: number) => `.playhead-write-${host}-${pid}-${start}-00000000-${number}.tmp`;

describe('the trash on disk', () => {
  let root: string;
  let driver: LocalDiskDriver;
  const at = (name: string) => path.join(root, name);
  const listed = async () => {
    const all: Discarded[] = [];
    for await (const discarded of driver.discarded()) all.push(discarded);
    return all;
  };
  const trash = async () => (await readdir(at('.playhead/trash'))).sort();

  beforeEach(async () => {
    root = await makeFolder();
    driver = new LocalDiskDriver({ root, hidden: false });
  });
  afterEach(() => rm(root, { recursive: true }));

  it('is made by the first that goes there, for nobody else', async () => {
    await writeFile(at('f'), 'bytes');
    expect(await listed()).toEqual([]);
    expect(await readdir(root)).toEqual(['f']);
    const { id } = await driver.discard(key('f'));
    expect(await trash()).toEqual([id, `${id}.json`]);
    expect((await lstat(at('.playhead/trash'))).mode & 0o777).toBe(0o700);
    expect((await lstat(at(`.playhead/trash/${id}.json`))).mode & 0o777).toBe(0o600);
    await driver.purge(id);
    expect([await trash(), await leftoversOf(root)]).toEqual([[], []]);
  });

  it('survives that the served folder is moved', async () => {
    await writeFile(at('f'), 'bytes');
    const discarded = await driver.discard(key('f'));
    const moved = await makeFolder();
    await rm(moved, { recursive: true });
    await rename(root, moved);
    root = moved;
    driver = new LocalDiskDriver({ root, hidden: false });
    expect(await listed()).toEqual([discarded]);
    await driver.restore(discarded.id, key('f'));
    expect(await readFile(at('f'), 'utf8')).toBe('bytes');
  });

  it('keeps what was hidden hidden', async () => {
    await writeFile(at('.secret'), 'bytes');
    const { id } = await new LocalDiskDriver({ root, hidden: true }).discard(key('.secret'));
    expect(await listed()).toEqual([]);
    await expect(driver.restore(id, key('shown'))).rejects.toEqual(refusal('missing'));
  });

  it('takes no state folder, nor what holds it', async () => {
    await mkdir(at('a/state'), { recursive: true });
    driver = new LocalDiskDriver({ root, hidden: true, stateDir: at('a/state') });
    for (const name of ['a', 'a/state', '.playhead', '.playhead-trash', 'a/.playhead/trash'])
      await expect(driver.discard(key(name))).rejects.toMatchObject({ name: 'StorageError' });
    expect(await readdir(at('a'))).toEqual(['state']);
    // Names of the trash are nobody's, hidden or not, anywhere.
    await writeFile(at('f'), 'bytes');
    for (const name of ['.playhead-trash', 'b/.playhead-trash/x', '.playhead-trash/x/y'])
      await expect(driver.move(key('f'), key(name))).rejects.toEqual(refusal('bad-name'));
    await mkdir(at('.playhead-trash'));
    await expect(driver.discard(key('.playhead-trash'))).rejects.toEqual(refusal('missing'));
  });

  describe('links', () => {
    beforeEach(async () => {
      await mkdir(at('a'));
      await writeFile(at('f'), 'bytes');
      await symlink('../f', at('a/link'));
      await symlink('a', at('folder'));
    });

    it('go there themselves, and what they lead to stays', async () => {
      const file = await driver.discard(key('a/link'));
      const folder = await driver.discard(key('folder'));
      expect([file, folder]).toMatchObject([
        { kind: 'file', size: 0 },
        { kind: 'folder', size: 0 },
      ]);
      expect([await readFile(at('f'), 'utf8'), await readdir(at('a'))]).toEqual(['bytes', []]);
      await driver.restore(file.id, key('a/link'));
      expect(await readlink(at('a/link'))).toBe('../f');
      await driver.purge(folder.id);
      expect((await readdir(root)).sort()).toEqual(['.playhead', 'a', 'f']);
    });

    it('are not restored to where they would lead elsewhere', async () => {
      const { id } = await driver.discard(key('a/link'));
      await expect(driver.restore(id, key('link'))).rejects.toEqual(refusal('denied'));
      await expect(driver.restore(id, key('b/c/link'))).rejects.toEqual(refusal('denied'));
      expect(await driver.restore(id, key('b/link'))).toMatchObject({ key: 'b/link' });
      expect(await readlink(at('b/link'))).toBe('../f');
    });

    it('out of the root do not go there', async () => {
      await symlink('/etc/passwd', at('out'));
      await expect(driver.discard(key('out'))).rejects.toEqual(refusal('missing'));
      expect(await readlink(at('out'))).toBe('/etc/passwd');
    });

    it('in the place of the trash are refused', async () => {
      const outside = await makeFolder();
      await mkdir(at('.playhead'));
      await symlink(outside, at('.playhead/trash'));
      await expect(driver.discard(key('f'))).rejects.toEqual(refusal('unavailable'));
      expect([await readFile(at('f'), 'utf8'), await readdir(outside)]).toEqual(['bytes', []]);
      await rm(outside, { recursive: true });
    });
  });

  describe('recovery', () => {
    const noted = async (entry: unknown, number = 1) => {
      await mkdir(at('.playhead/journal'), { recursive: true });
      await writeFile(at(`.playhead/journal/${dead(number)}`), JSON.stringify(entry));
    };

    it('removes the record of what never came, whole or not', async () => {
      await writeFile(at('f'), 'bytes');
      const { id } = await driver.discard(key('f'));
      const record = await readFile(at(`.playhead/trash/${id}.json`), 'utf8');
      const other = id.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
      await driver.restore(id, key('f'));
      await writeFile(at(`.playhead/trash/${id}.json`), record);
      await writeFile(at(`.playhead/trash/${other}.json`), record.slice(0, 20));
      expect(await listed()).toEqual([]);
      await noted({ kind: 'trash', id }, 1);
      await noted({ kind: 'trash', id: other }, 2);
      expect(await driver.recover()).toBe(1);
      expect(await trash()).toEqual([]);
      expect(await readdir(at('.playhead/journal'))).toEqual([]);
    });

    it('keeps what is whole', async () => {
      await writeFile(at('f'), 'bytes');
      const discarded = await driver.discard(key('f'));
      await noted({ kind: 'trash', id: discarded.id });
      expect(await driver.recover()).toBe(0);
      expect(await listed()).toEqual([discarded]);
    });

    it('finishes restoring a file that had both names', async () => {
      await writeFile(at('f'), 'bytes');
      const { id } = await driver.discard(key('f'));
      await link(at(`.playhead/trash/${id}`), at('f'));
      await noted({ kind: 'trash', id }, 9);
      const from = { folder: at('.playhead/trash'), name: id };
      await noted({ kind: 'move', from, to: { folder: root, name: 'f' } }, 10);
      expect(await driver.recover()).toBe(2);
      expect(await trash()).toEqual([]);
      expect(await readFile(at('f'), 'utf8')).toBe('bytes');
      expect((await lstat(at('f'))).nlink).toBe(1);
    });

    it('follows no id out of the trash', async () => {
      await writeFile(at('f.json'), '{}');
      await noted({ kind: 'trash', id: '../../f' });
      expect(await driver.recover()).toBe(0);
      expect(await readFile(at('f.json'), 'utf8')).toBe('{}');
      await mkdir(at('.playhead/trash'));
      await writeFile(at('.playhead/evil'), 'bytes');
      await writeFile(at('.playhead/evil.json'), JSON.stringify({ id: '../evil', key: 'f', top: null }));
      for (const id of ['../evil', './../evil', '../trash/../evil'])
        await expect(driver.findDiscarded(id)).rejects.toEqual(refusal('missing'));
    });
  });
});

const probe = await makeFolder();
const why = whyNoMount(probe);
await rm(probe, { recursive: true });

if (why === undefined) describe('the trash of several file systems', mounted);
else describe.skip(`the trash of several file systems: ${why}`, mounted);

/** `root/disk` is a file system of its own. */
function mounted() {
  let root: string;
  let driver: LocalDiskDriver;
  const at = (name: string) => path.join(root, name);
  const listed = async () => {
    const all: Discarded[] = [];
    for await (const discarded of driver.discarded()) all.push(discarded);
    return all;
  };

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

  it('is where things are: nothing is copied, however full the disk', async () => {
    await mkdir(at('disk/a/b'), { recursive: true });
    await writeFile(at('disk/a/b/f'), Buffer.alloc(900_000, 'x'));
    const { ino } = await lstat(at('disk/a/b/f'));
    const file = await driver.discard(key('disk/a/b/f'));
    const folder = await driver.discard(key('disk/a'));
    expect(await readdir(at('disk'))).toEqual(['.playhead-trash']);
    expect((await readdir(at('disk/.playhead-trash'))).sort()).toEqual([file.id, folder.id].sort());
    expect((await lstat(at(`disk/.playhead-trash/${file.id}`))).ino).toBe(ino);
    expect(await listed()).toEqual([folder, file]);
    expect(await driver.restore(file.id, key('disk/g'))).toMatchObject({ key: 'disk/g' });
    expect((await lstat(at('disk/g'))).ino).toBe(ino);
    await driver.purge(folder.id);
    expect(await readdir(at('disk/.playhead-trash'))).toEqual([]);
    await expect(driver.stat(key('disk/.playhead-trash'))).rejects.toEqual(refusal('missing'));
  });

  it('gives back to another', async () => {
    await mkdir(at('a'));
    await writeFile(at('a/f'), 'bytes');
    const { id } = await driver.discard(key('a'));
    await driver.restore(id, key('disk/new/a'));
    expect(await readFile(at('disk/new/a/f'), 'utf8')).toBe('bytes');
    expect(await readdir(at('.playhead/trash'))).toEqual([]);
  });

  it('forgets nothing of a disk that is not mounted', async () => {
    await writeFile(at('disk/f'), 'bytes');
    const discarded = await driver.discard(key('disk/f'));
    await writeFile(at(`.playhead/journal/${dead(1)}`), JSON.stringify({ kind: 'trash', id: discarded.id }));
    // Moved away and not unmounted: what is on a tmpfs would be lost.
    await mkdir(at('elsewhere'));
    expect(spawnSync('mount', ['--move', at('disk'), at('elsewhere')]).status).toBe(0);
    try {
      expect(await listed()).toEqual([]);
      expect(await driver.recover()).toBe(0);
      expect(await readdir(at('.playhead/trash'))).toEqual([`${discarded.id}.json`]);
    } finally {
      expect(spawnSync('mount', ['--move', at('elsewhere'), at('disk')]).status).toBe(0);
    }
    expect(await driver.recover()).toBe(0);
    expect(await listed()).toEqual([discarded]);
  });

  it('is beside when the state folder is elsewhere, in the topmost folder there', async () => {
    const state = await makeFolder();
    await rm(state, { recursive: true });
    driver = new LocalDiskDriver({ root: at('disk'), hidden: false, stateDir: state });
    await mkdir(at('disk/a/b'), { recursive: true });
    await writeFile(at('disk/a/b/f'), 'bytes');
    const { id } = await driver.discard(key('a/b/f'));
    expect((await readdir(at('disk'))).sort()).toEqual(['.playhead-trash', 'a']);
    expect(await readdir(path.join(state, 'trash'))).toEqual([`${id}.json`]);
    await driver.restore(id, key('a/b/f'));
    expect(await readFile(at('disk/a/b/f'), 'utf8')).toBe('bytes');
    await rm(state, { recursive: true });
  });

  it('knows two mounts of one device apart', async () => {
    await mkdir(at('disk/bound'));
    await mkdir(at('disk/below'));
    expect(spawnSync('mount', ['--bind', at('disk/below'), at('disk/bound')]).status).toBe(0);
    try {
      await writeFile(at('disk/bound/f'), 'bytes');
      await writeFile(at('disk/g'), 'bytes');
      const [f, g] = [await driver.discard(key('disk/bound/f')), await driver.discard(key('disk/g'))];
      expect(await readdir(at('disk/bound/.playhead-trash'))).toEqual([f.id]);
      expect(await readdir(at('disk/.playhead-trash'))).toEqual([g.id]);
      await driver.restore(f.id, key('disk/bound/f'));
      expect(await readFile(at('disk/bound/f'), 'utf8')).toBe('bytes');
    } finally {
      unmount(at('disk/bound'));
    }
  });
}
