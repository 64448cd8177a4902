import { access, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LocalDiskDriver } from '../storage/drivers/local-disk/local-disk-driver.js';
import type { StateFolders } from '../storage/state-folders.js';
import { StorageError } from '../storage/storage-error.js';
import { DiskSessionStore } from './disk-session-store.js';
import type { Session } from './session-store.js';

Logger.overrideLogger(false);

describe('DiskSessionStore', () => {
  let root: string;
  let folders: StateFolders;
  let file: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'playhead-sessions-'));
    folders = new LocalDiskDriver({ root, hidden: false });
    file = path.join(root, '.playhead/sessions/sessions.json');
  });
  afterEach(() => rm(root, { recursive: true }));

  const open = () => DiskSessionStore.open(folders, new Set(['alice', 'bob']));
  const session = (name: string, expires = Date.now() + 60_000): Session => ({
    name,
    fingerprint: 'f',
    login: 'l',
    issued: 1,
    expires,
  });

  it('keeps sessions over a restart, and not those that have ended', async () => {
    const store = await open();
    const offered = { ...session('alice'), next: { digest: 'b', at: 2 } };
    store.set('a', offered);
    store.set('b', { ...session('alice'), replaces: 'a' });
    store.set('c', session('bob'));
    await store.settled();
    store.delete('c');
    await store.settled();
    const next = await open();
    expect(next.get('a')).toEqual(offered);
    expect(next.of('alice').map(([digest]) => digest)).toEqual(['a', 'b']);
    expect(next.get('c')).toBeUndefined();
  });

  it('writes a file for its account alone, by itself, and nothing before there is a session', async () => {
    const store = await open();
    await store.settled();
    await expect(access(path.join(root, '.playhead'))).rejects.toThrow('ENOENT');
    for (let i = 0; i < 1000; i++) store.set('a', session('alice'));
    await expect(access(file)).rejects.toThrow('ENOENT');
    while (
      !(await access(file).then(
        () => true,
        () => false,
      ))
    )
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('forgets what has had its time, and who is no user any more', async () => {
    const store = await open();
    store.set('a', session('alice', Date.now() - 1));
    store.set('b', session('bob'));
    await store.settled();
    expect(await readFile(file, 'utf8')).not.toContain('alice');
    const next = await DiskSessionStore.open(folders, new Set(['alice']));
    expect(next.get('b')).toBeUndefined();
  });

  it.each([
    ['half a file', '{"version":1,"sessions":[["a",{"na'],
    ['another version', '{"version":2,"sessions":[]}'],
    ['something else', '{"version":1,"sessions":[["a",{"name":"alice"}]]}'],
    ['null', 'null'],
    ['more than it writes', `{"version":1,"sessions":[]}${' '.repeat(17 * 2 ** 20)}`],
  ])('begins anew after %s', async (_, text) => {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, text);
    const store = await open();
    expect(store.of('alice')).toEqual([]);
    store.set('b', session('alice'));
    await store.settled();
    expect((await open()).get('b')).toBeDefined();
  });

  it('does without where it may write nowhere', async () => {
    const denied = () => Promise.reject(new StorageError('denied'));
    const none = { stateFolder: denied, existingStateFolder: () => Promise.resolve(undefined) };
    const store = await DiskSessionStore.open(none, new Set(['alice']));
    store.set('a', session('alice'));
    await store.settled();
    expect(store.get('a')).toBeDefined();
  });

  it('rather forgets all than keeps one that has ended, where it can write no more', async () => {
    let isFull = false;
    const filling: StateFolders = {
      stateFolder: (name) => (isFull ? Promise.reject(new StorageError('full')) : folders.stateFolder(name)),
      existingStateFolder: (name) => folders.existingStateFolder(name),
    };
    const store = await DiskSessionStore.open(filling, new Set(['alice']));
    store.set('a', session('alice'));
    await store.settled();
    isFull = true;
    store.delete('a');
    await store.settled();
    expect((await open()).get('a')).toBeUndefined();
  });
});
