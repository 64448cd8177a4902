import { chmod, mkdtemp, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DiskThumbnails } from './disk-thumbnails.js';
import { MemoryThumbnails } from './kept-thumbnails.js';

const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;
const id = (digit: string) => digit.repeat(32);

/** As long as it says; all that is looked at. */
function webp(length: number): Buffer {
  const bytes = Buffer.alloc(length, 'RIFF....WEBP');
  bytes.writeUInt32LE(length - 8, 4);
  return bytes;
}

let folder: string;
const at = (name: string) => path.join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'playhead-thumbnails-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('thumbnails on disk', () => {
  it('are there after a restart, for the account of the server alone', async () => {
    const first = await DiskThumbnails.open(folder, 100_000);
    await first.set(id('a'), webp(5000));
    expect((await stat(at(`${id('a')}.webp`))).mode & 0o777).toBe(0o600);
    const second = await DiskThumbnails.open(folder, 100_000);
    expect(await second.get(id('a'))).toEqual(webp(5000));
    expect(await second.get(id('b'))).toBeUndefined();
  });

  it('take whole blocks, no more than they may; those used longest ago go first', async () => {
    const kept = await DiskThumbnails.open(folder, 3 * 8192);
    for (const digit of ['a', 'b', 'c']) await kept.set(id(digit), webp(5000));
    await kept.get(id('a'));
    await kept.set(id('d'), webp(8000));
    expect((await readdir(folder)).sort()).toEqual(['a', 'c', 'd'].map((digit) => `${id(digit)}.webp`));
    await kept.set(id('e'), webp(3 * 8192 + 1));
    expect(await readdir(folder)).toEqual([]);
  });

  it('remember over a restart what was used last, and shrink to a new limit', async () => {
    const first = await DiskThumbnails.open(folder, 100_000);
    for (const [index, digit] of ['a', 'b', 'c'].entries()) {
      await first.set(id(digit), webp(100));
      const long = new Date(Date.now() - (9 - index) * 86_400_000);
      await utimes(at(`${id(digit)}.webp`), long, long);
    }
    const second = await DiskThumbnails.open(folder, 100_000);
    await second.get(id('a'));
    const third = await DiskThumbnails.open(folder, 2 * 4096);
    expect(await third.get(id('b'))).toBeUndefined();
    expect((await readdir(folder)).sort()).toEqual(['a', 'c'].map((digit) => `${id(digit)}.webp`));
  });

  it.each([0, 5, 11, 12, 4999])('of which %i bytes have remained are removed', async (length) => {
    const kept = await DiskThumbnails.open(folder, 100_000);
    await kept.set(id('a'), webp(5000));
    await truncate(at(`${id('a')}.webp`), length);
    expect(await kept.get(id('a'))).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  it('that a crash has left incomplete are never found, and are removed in time', async () => {
    const partial = `${id('a')}.webp-0123456789abcdef.partial`;
    await writeFile(at(partial), webp(5000));
    const kept = await DiskThumbnails.open(folder, 100_000);
    expect(await kept.get(id('a'))).toBeUndefined();
    expect(await readdir(folder)).toEqual([partial]);
    await utimes(at(partial), 1, 1);
    await DiskThumbnails.open(folder, 100_000);
    expect(await readdir(folder)).toEqual([]);
  });

  (isRoot ? it : it.skip)('of another account are used, though not noted', async () => {
    const kept = await DiskThumbnails.open(folder, 100_000);
    await writeFile(at(`${id('a')}.webp`), webp(5000), { mode: 0o644 });
    await chmod(folder, 0o755);
    process.seteuid!(NOBODY);
    try {
      expect(await kept.get(id('a'))).toEqual(webp(5000));
      expect(await kept.get(id('a'))).toEqual(webp(5000));
    } finally {
      process.seteuid!(0);
    }
  });

  it('are made anew where they cannot be kept', async () => {
    const kept = await DiskThumbnails.open(folder, 100_000);
    await rm(folder, { recursive: true });
    await kept.set(id('a'), webp(100));
    expect(await kept.get(id('a'))).toBeUndefined();
  });
});

describe('thumbnails in memory', () => {
  it('take no more than they may', async () => {
    const kept = new MemoryThumbnails(250);
    for (const digit of ['a', 'b', 'c']) await kept.set(id(digit), webp(100));
    expect(await Promise.all(['a', 'b', 'c'].map((digit) => kept.get(id(digit))))).toEqual([
      undefined,
      webp(100),
      webp(100),
    ]);
  });
});
