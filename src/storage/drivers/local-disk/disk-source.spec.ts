import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Descriptor } from './descriptor.js';
import { DiskSource } from './disk-source.js';

const SIZE = 300_000;
const bytes = Buffer.from(Array.from({ length: SIZE }, (_, index) => (index * 7) & 0xff));

describe('DiskSource.readNow', () => {
  let folder: string;
  let file: string;
  let descriptor: Descriptor;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'playhead-test-'));
    file = path.join(folder, 'film.mp4');
    await writeFile(file, bytes);
    descriptor = await Descriptor.open(file, 'r');
  });
  afterEach(async () => {
    await descriptor.close();
    await rm(folder, { recursive: true });
  });

  const now = (source: DiskSource, offset: number, length: number) => {
    const target = Buffer.alloc(length);
    const bytesRead = source.readNow(target, offset);
    return bytesRead === undefined ? undefined : target.subarray(0, bytesRead);
  };

  it('reads what was read a moment ago, and waits for no disk for the rest', async () => {
    const source = new DiskSource(descriptor, SIZE, { isLocal: () => true });
    expect(now(source, 100_000, 1000)).toBeUndefined();
    await source.readInto(Buffer.alloc(1000), 100_000);
    expect(now(source, 100_000, 1000)).toEqual(bytes.subarray(100_000, 101_000));
    expect(now(source, 200_000, 1000)).toBeUndefined();
    await source.readVector([Buffer.alloc(1000), Buffer.alloc(1000)], 200_000);
    expect(now(source, 200_000, 2000)).toEqual(bytes.subarray(200_000, 202_000));
    expect(now(source, 200_000, 100_000)).toBeUndefined();
    await source.readInto(Buffer.alloc(100_000), 200_000);
    expect(now(source, 200_000, 200_000)).toEqual(bytes.subarray(200_000));
  });

  it('never reads at once what may lie on the network, but for the beginning it keeps', async () => {
    const source = new DiskSource(descriptor, SIZE, { keepsHead: true });
    await source.readInto(Buffer.alloc(SIZE), 0);
    expect(now(source, 0, 2)).toBeUndefined();
    await source.read(0, 2);
    expect(now(source, 0, 2)).toEqual(bytes.subarray(0, 2));
    expect(now(source, 16_000, 384)).toEqual(bytes.subarray(16_000, 16_384));
    expect(now(source, 16_000, 385)).toBeUndefined();
  });

  it('keeps the beginning whichever way it was first asked for, and asks the disk no more', async () => {
    const source = new DiskSource(descriptor, SIZE, { keepsHead: true });
    const target = Buffer.alloc(2);
    expect(await source.readInto(target, 0)).toBe(2);
    expect(target).toEqual(bytes.subarray(0, 2));
    await truncate(file, 0);
    expect(now(source, 0, 16_384)).toEqual(bytes.subarray(0, 16_384));
    expect(await source.readInto(target, 16_382)).toBe(2);
    expect(target).toEqual(bytes.subarray(16_382, 16_384));
    expect(await source.read(1, 3)).toEqual(bytes.subarray(1, 4));
  });

  it('tells when the file ends before it should', async () => {
    const source = new DiskSource(descriptor, SIZE, { isLocal: () => true });
    await source.readInto(Buffer.alloc(SIZE), 0);
    await truncate(file, 150_000);
    expect(now(source, 100_000, 100_000)).toEqual(bytes.subarray(100_000, 150_000));
  });
});
