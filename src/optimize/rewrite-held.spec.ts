import { link, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from '../../test/support/playhead.js';
import { leftoversOf } from '../../test/support/storage/leftovers.js';
import { SegmentMap } from '../core/bytes/index.js';
import { objectKey } from '../core/path/index.js';
import type { Repair } from '../core/repairs/index.js';
import { LocalDiskDriver } from '../storage/drivers/local-disk/local-disk-driver.js';
import { THIS_WRITER } from '../storage/drivers/local-disk/writer.js';
import type { HeldFile } from '../storage/storage-driver.js';
import { rewriteFile } from './rewrite-file.js';

/** Files that begin with B want an A before it. */
const PREFIX: Repair = {
  name: 'prefix',
  version: 1,
  async plan(source) {
    if (String(await source.read(0, 1)) !== 'B') return { kind: 'not-needed' };
    const map = new SegmentMap(source, [Buffer.from('A'), { offset: 0, length: source.size }]);
    return { kind: 'repaired', map, changes: ['A'] };
  },
};
const FILM = objectKey(['sub', 'film']);

describe('a file of the storage', () => {
  let root: string;
  let driver: LocalDiskDriver;
  const at = (name: string) => path.join(root, name);
  const write = (text: string) =>
    driver.write(FILM, Readable.from([Buffer.from(text)]), { onConflict: 'replace' });
  const read = (name = 'sub/film') => readFile(at(name), 'utf8');
  const rewrite = (held: HeldFile, keepOriginal = false) =>
    rewriteFile(held.path, { repairs: [PREFIX], workplace: held, keepOriginal });
  beforeEach(async () => {
    root = await makeFolder();
    driver = new LocalDiskDriver({ root, hidden: false });
    await write('B');
  });
  afterEach(() => rm(root, { recursive: true }));

  /** Holds the film, and does something just before the new form takes its name. */
  const rewriteWith = async (before: (held: HeldFile) => unknown, keepOriginal = false) => {
    const held = await driver.holdFile(FILM);
    try {
      return await rewrite(
        {
          ...held,
          exclusively: async (action) => {
            await before(held);
            return held.exclusively(action);
          },
        },
        keepOriginal,
      );
    } finally {
      await held.release();
    }
  };

  it('is rewritten, and who has it open sees the new one', async () => {
    const old = await driver.open(FILM);
    await rewriteWith(() => undefined);
    const young = await driver.open(FILM);
    expect([old, young].map(({ source }) => source.size)).toEqual([1, 2]);
    expect(young.validators.etag).not.toEqual(old.validators.etag);
    expect(String(await old.source.read(0, 1))).toBe('B');
    await Promise.all([old.close(), young.close()]);
    expect(await leftoversOf(root)).toEqual([]);
  });

  it('keeps what was written through the storage meanwhile', async () => {
    await expect(rewriteWith(() => write('newer'))).rejects.toMatchObject({ reason: 'changed-meanwhile' });
    expect(await read()).toBe('newer');
    expect(await leftoversOf(root)).toEqual([]);
  });

  it('is never changed by two at a time: each writer is before or after the rewriting', async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 30; round += 1) {
      await write('B');
      const rewriting = rewriteWith(() => undefined).then(
        () => 'rewritten',
        (error: { reason: string }) => error.reason,
      );
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 12));
      await write(`newer ${round}`);
      outcomes.add(await rewriting);
      expect(await read()).toBe(`newer ${round}`);
    }
    for (const outcome of outcomes) expect(['rewritten', 'changed-meanwhile']).toContain(outcome);
    expect(await leftoversOf(root)).toEqual([]);
  });

  it('waits for who is changing it', async () => {
    const held = await driver.holdFile(FILM);
    const order: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = held.exclusively(() => promise.then(() => order.push('first')));
    const written = write('newer').then(() => order.push('write'));
    await new Promise((done) => setTimeout(done, 30));
    expect(order).toEqual([]);
    resolve();
    await Promise.all([first, written]);
    expect(order).toEqual(['first', 'write']);
    await held.release();
  });

  it.each([
    ['sub', 'is-folder'],
    ['nothing', 'missing'],
    ['out', 'missing'],
    ['.playhead', 'missing'],
    ['.hidden', 'missing'],
    ['nothing/film', 'missing'],
  ])('%s is none: %s', async (name, reason) => {
    await writeFile(at('.hidden'), 'B');
    await symlink('/etc/hostname', at('out'));
    await expect(driver.holdFile(objectKey(name.split('/')))).rejects.toMatchObject({ reason });
  });

  it('that a link in the root leads to is rewritten, and the link stays', async () => {
    await symlink('sub/film', at('link'));
    const held = await driver.holdFile(objectKey(['link']));
    await rewrite(held);
    await held.release();
    expect([await read(), await read('link')]).toEqual(['AB', 'AB']);
  });

  it('does nothing outside when a link takes its place, or that of its folder', async () => {
    const outside = await makeFolder();
    await writeFile(path.join(outside, 'film'), 'B');
    const held = await driver.holdFile(FILM);
    await rename(at('sub/film'), at('sub/away'));
    await symlink(path.join(outside, 'film'), at('sub/film'));
    await expect(rewrite(held)).rejects.toMatchObject({ reason: 'changed-meanwhile' });
    await rm(at('sub/film'));
    await rename(at('sub/away'), at('sub/film'));
    await rename(at('sub'), at('moved'));
    await symlink(outside, at('sub'));
    await rewrite(held);
    await held.release();
    expect(await readFile(path.join(outside, 'film'), 'utf8')).toBe('B');
    expect(await read('moved/film')).toBe('AB');
    expect(await readdir(outside)).toEqual(['film']);
    await rm(outside, { recursive: true });
  });

  it('is not rewritten when its folder has left the root meanwhile', async () => {
    const outside = await makeFolder();
    const move = () => rename(at('sub'), path.join(outside, 'sub'));
    await expect(rewriteWith(move)).rejects.toMatchObject({ reason: 'missing' });
    expect(await readFile(path.join(outside, 'sub/film'), 'utf8')).toBe('B');
    expect(await readdir(path.join(outside, 'sub'))).toEqual(['film']);
    await rm(outside, { recursive: true });
  });

  /** What a crash leaves: names of this process become those of one that has ended. */
  const crash = async () => {
    const ended = (name: string) => name.replace(`-${THIS_WRITER.run}-`, '-00000000-');
    for (const folder of ['sub', '.playhead/journal'])
      for (const name of await readdir(at(folder)))
        await rename(at(`${folder}/${name}`), at(`${folder}/${ended(name)}`));
    for (const name of await readdir(at('.playhead/journal'))) {
      const entry = at(`.playhead/journal/${name}`);
      await writeFile(entry, ended(await readFile(entry, 'utf8')));
    }
  };

  it('loses its temporary file, and a name that was to keep it, when a crash came between', async () => {
    const held = await driver.holdFile(FILM);
    const temporary = await held.createTemporary();
    await held.noteSecondName('film.orig');
    await writeFile(temporary.path, 'half');
    await held.exclusively(async () => {
      await link(held.path, at('sub/film.orig'));
    });
    expect(await readdir(at('sub'))).toHaveLength(3);
    await crash();
    expect(await driver.recover()).toBe(2);
    expect(await readdir(at('sub'))).toEqual(['film']);
    expect(await leftoversOf(root)).toEqual([]);
    await temporary.end();
    await held.release();
  });

  it('keeps the original when a crash came after the new one had its name', async () => {
    const note = await rewriteWith(async (held) => {
      await held.noteSecondName('film.orig');
    }, true);
    expect(note).toMatchObject({ state: 'rewritten' });
    await crash();
    await driver.recover();
    expect([await read(), await read('sub/film.orig')]).toEqual(['AB', 'B']);
  });
});
