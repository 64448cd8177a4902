import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { objectKey } from '../../src/core/path/index.js';
import { LocalDiskDriver } from '../../src/storage/drivers/local-disk/local-disk-driver.js';
import type { Discarded } from '../../src/storage/storage-driver.js';
import { makeFolder } from '../support/playhead.js';
import { leftoversOf } from '../support/storage/leftovers.js';
import { mount, unmount, whyNoMount } from '../support/storage/mounted.js';

const KILLS = 12;
const SCRIPT = path.join(import.meta.dirname, '../support/storage/crash-trash.mjs');
const FILES = ['file', 'folder/a', 'folder/b/c', 'deep/in/file'];
const THROWN = ['file', 'folder', 'deep/in/file'];
const key = (name: string) => objectKey(name.split('/'));
const sumOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const probe = await makeFolder();
const noMount = whyNoMount(probe);
await rm(probe, { recursive: true });

describe('the trash, with real processes', () => {
  let root: string;
  let driver: LocalDiskDriver;
  const children: ChildProcess[] = [];
  const at = (name: string) => path.join(root, name);
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

  const started = () => {
    const child = spawn(process.execPath, [SCRIPT, root], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    return { child, ready: once(child.stdout, 'data') };
  };
  const contents = async (folder: string) => {
    const sums: Record<string, string> = {};
    for (const name of FILES) {
      const bytes = await readFile(path.join(folder, name)).catch(() => undefined);
      if (bytes) sums[name] = sumOf(bytes);
    }
    return sums;
  };

  const crash = async () => {
    for (const name of [...FILES, 'kept/folder/x', 'kept/folder/y/z', 'waste/.keep']) {
      await mkdir(path.dirname(at(name)), { recursive: true });
      await writeFile(at(name), randomBytes(50_000));
    }
    const whole = await contents(root);
    let inTrash = 0;
    let leftovers = 0;
    let following = started();
    for (let round = 0; round < KILLS; round += 1) {
      const { child, ready } = following;
      await ready;
      child.stdin.write('go\n');
      following = started();
      await sleep(20 + Math.random() * 60);
      expect(child.exitCode).toBeNull();
      await kill(child);
      leftovers += (await leftoversOf(root)).length;
      await driver.recover();
      expect(await leftoversOf(root)).toEqual([]);
      const listed: Discarded[] = [];
      for await (const discarded of driver.discarded()) listed.push(discarded);
      // Each is there once: in its place, or in the trash, listed.
      for (const name of THROWN) {
        const isThere = await driver.stat(key(name)).then(
          () => 1,
          () => 0,
        );
        const copies = listed.filter((discarded) => discarded.key === name).length;
        expect([name, isThere + copies]).toEqual([name, 1]);
        inTrash += copies;
      }
      // No record without content, no content without a record.
      const names = await readdir(at('.playhead/trash'));
      expect(names.filter((name) => name.endsWith('.json')).length).toBe(listed.length);
      for (const discarded of listed) {
        if (THROWN.includes(discarded.key)) await driver.restore(discarded.id, discarded.key);
        else await driver.purge(discarded.id);
      }
      expect(await contents(root)).toEqual(whole);
      expect(await readdir(at('.playhead/trash'))).toEqual([]);
      for (const name of await readdir(at('waste')))
        if (name !== '.keep') await rm(at(`waste/${name}`), { recursive: true });
    }
    await kill(following.child);
    return { inTrash, leftovers };
  };

  it(`is killed at ${KILLS} moments, and everything is in its place or in the trash, whole`, async () => {
    const { inTrash, leftovers } = await crash();
    expect(inTrash).toBeGreaterThan(0);
    expect(leftovers).toBeGreaterThan(0);
  }, 60_000);

  const beside = async () => {
    await mkdir(at('.playhead'));
    expect(mount(at('.playhead'), '64m').status).toBe(0);
    try {
      expect((await crash()).inTrash).toBeGreaterThan(0);
      expect(await readdir(at('.playhead-trash'))).toEqual([]);
    } finally {
      await Promise.all(children.splice(0).map(kill));
      unmount(at('.playhead'));
    }
  };
  if (noMount === undefined) it('the same where the trash has to be beside', beside, 60_000);
  else it.skip(`the same where the trash has to be beside: ${noMount}`, beside);
});
