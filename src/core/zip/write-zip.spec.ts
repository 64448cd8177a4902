import { createHash } from 'node:crypto';
import { open, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeFolder } from '../../../test/support/playhead.js';
import { run } from '../../../test/support/programs.js';
import { readZip } from '../../../test/support/python-zip.js';
import { MemorySource, SourceLengthError, type ByteSource } from '../bytes/index.js';
import { writeZip, zipSize, type ZipMember } from './index.js';

interface Stored extends ZipMember {
  readonly bytes: Buffer;
}

const NOON = Date.UTC(2024, 6, 1, 12, 30, 45, 678);
const file = (name: string, bytes: Buffer | string = name, modified = NOON): Stored => {
  const buffer = Buffer.from(bytes);
  return { name, size: buffer.length, modified, bytes: buffer };
};
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const noClose = () => Promise.resolve();
const openStored = ({ bytes }: Stored) =>
  Promise.resolve({ source: new MemorySource(bytes), close: noClose });

async function collect(blocks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const block of blocks) all.push(block);
  return Buffer.concat(all);
}

async function lengthOf(blocks: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const block of blocks) length += block.length;
  return length;
}

/** Zeros of any number, streamed from one buffer. */
class Zeros implements ByteSource {
  static readonly #block = Buffer.alloc(2 ** 20);
  constructor(
    readonly size: number,
    private readonly onRead: (length: number) => void = () => undefined,
    /** Bytes that are missing at the end of what is streamed. */
    private readonly missing = 0,
  ) {}
  read(_: number, length: number) {
    return Promise.resolve(Buffer.alloc(length));
  }
  readInto(target: Buffer) {
    return Promise.resolve(target.fill(0).length);
  }
  stream(_: number, length: number): Readable {
    const { onRead, missing } = this;
    return Readable.from(
      (function* () {
        for (let left = length - missing; left > 0; left -= Zeros.#block.length) {
          const chunk = Zeros.#block.subarray(0, left);
          onRead(chunk.length);
          yield chunk;
        }
      })(),
    );
  }
}

describe('an archive', () => {
  let folder: string;
  let archive: string;
  beforeAll(async () => {
    folder = await makeFolder();
    archive = path.join(folder, 'a.zip');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const written = async (members: readonly Stored[]) => {
    const bytes = await collect(writeZip(members, openStored));
    expect(bytes).toHaveLength(await zipSize(members));
    await writeFile(archive, bytes);
    return readZip(archive);
  };

  it('holds what was put in, under its own names', async () => {
    const members = [
      file('films/', ''),
      file('films/film.mp4', Buffer.from(Array.from({ length: 300_000 }, (_, index) => index * 7))),
      file('films/empty.txt', ''),
      file('films/夏の海🎬.txt'),
      file(`films/${'é'.normalize('NFC')}`),
      file(`films/${'é'.normalize('NFD')}`),
      file('films/sub/CON.txt'),
      file('films/a"b*c?.txt'),
    ];
    const read = await written(members);
    expect(read.map(({ name, size, sha256 }) => ({ name, size, sha256 }))).toEqual(
      members.map(({ name, size, bytes }) => ({ name, size, sha256: sha256(bytes) })),
    );
    for (const { name, flags, method, mode } of read) {
      expect(flags & 0x800).toBe(0x800);
      expect(method).toBe(0);
      expect(mode.toString(8)).toBe(name.endsWith('/') ? '40755' : '100644');
    }
  });

  it('tells the time to the second, in UTC where it can, and by the clock of the machine', async () => {
    const times = [NOON, Date.UTC(2031, 0, 1), Date.UTC(1980, 0, 2), 0, -1, Date.UTC(1902, 0, 1)];
    const read = await written(times.map((time, index) => file(`f${index}`, 'x', time)));
    expect(read.map(({ time }) => time)).toEqual(times.map((time) => Math.floor(time / 1000)));
    const local = new Date(NOON);
    expect(read[0]!.dos).toEqual([
      local.getFullYear(),
      local.getMonth() + 1,
      local.getDate(),
      local.getHours(),
      local.getMinutes(),
      44,
    ]);
    expect(read[3]!.dos).toEqual([1980, 1, 1, 0, 0, 0]);
  });

  it('has no time in UTC that four bytes cannot hold', async () => {
    const times = [-(2 ** 31) * 1000 - 1, 2 ** 31 * 1000, 8.64e15, -8.64e15];
    const read = await written(times.map((time, index) => file(`f${index}`, 'x', time)));
    expect(read.map(({ time }) => time)).toEqual([null, null, null, null]);
    expect(read[2]!.dos).toEqual([2107, 12, 31, 23, 59, 58]);
  });

  it('has the length that was foretold, whatever is in it', async () => {
    const member = fc
      .record({
        name: fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
        isFolder: fc.boolean(),
        size: fc.oneof(fc.nat(300), fc.nat(200_000)),
        modified: fc.integer({ min: -3e12, max: 5e12 }),
      })
      .map(({ name, isFolder, size, modified }) =>
        isFolder ? file(`${name}/`, '', modified) : file(name, Buffer.alloc(size, name), modified),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(member, { maxLength: 12 }), async (members) => {
        expect(await collect(writeZip(members, openStored))).toHaveLength(await zipSize(members));
      }),
      { numRuns: 60 },
    );
  });

  it('of more than 65,535 members is ZIP64, and holds nobody up', async () => {
    const members = Array.from({ length: 70_000 }, (_, index) => file(`many/file ${index}.txt`, ''));
    let turns = 0;
    const watch = setInterval(() => turns++, 0);
    const size = await zipSize(members);
    clearInterval(watch);
    expect(turns).toBeGreaterThan(20);
    const bytes = await collect(writeZip(members, openStored));
    expect(bytes).toHaveLength(size);
    await writeFile(archive, bytes);
    const read = await readZip(archive, 'directory');
    expect(read).toHaveLength(members.length);
    expect(read.every(({ name }, index) => name === members[index]!.name)).toBe(true);
  });

  it('with a file of more than 4 GiB is ZIP64, and so is what stands behind it', async () => {
    const size = 5 * 2 ** 30 + 1;
    const members = [file('first.txt'), { name: 'large.bin', size, modified: NOON }, file('last.txt')];
    const million = Buffer.alloc(2 ** 20);
    const handle = await open(archive, 'w');
    let length = 0;
    let crc = 0;
    const blocks = writeZip(members, (member) =>
      Promise.resolve({
        source: 'bytes' in member ? new MemorySource(member.bytes) : new Zeros(size),
        close: noClose,
      }),
    );
    // Zeros become holes, so that the file costs nothing.
    for await (const block of blocks) {
      if (block.length < million.length || !million.equals(block))
        await handle.write(block, 0, block.length, length);
      length += block.length;
    }
    await handle.truncate(length);
    await handle.close();
    for (let left = size; left > 0; left -= million.length) crc = crc32(million.subarray(0, left), crc);
    expect(length).toBe(await zipSize(members));
    const read = await readZip(archive, 'directory');
    expect(read.map(({ name, size, crc }) => [name, size, crc])).toEqual([
      ['first.txt', 9, crc32('first.txt')],
      ['large.bin', size, crc],
      ['last.txt', 8, crc32('last.txt')],
    ]);
    const last = await run('python3', ['-c', READ_LAST, archive]);
    expect(last.stdout.trim()).toBe('last.txt');
  });
});

const READ_LAST = `
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
print(archive.read('last.txt').decode())
with archive.open('large.bin') as f: assert f.read(1 << 20) == bytes(1 << 20)
`;

describe('the contents of an archive', () => {
  /** Opens members as somebody who counts, one byte more or less than promised. */
  const counting = (surplus = 0) => {
    const state = { open: 0, most: 0, read: 0 };
    const openCounted = ({ size }: ZipMember) => {
      state.most = Math.max(state.most, ++state.open);
      const source = new Zeros(size + surplus, (length) => (state.read += length));
      const close = () => Promise.resolve(void state.open--);
      return Promise.resolve({ source, close });
    };
    return { state, openCounted };
  };
  const members = ['a', 'b', 'c'].map((name) => ({ name, size: 64 * 2 ** 20, modified: NOON }));

  it('are open one at a time', async () => {
    const { state, openCounted } = counting();
    for await (const block of writeZip(members, openCounted)) expect(block.length).toBeGreaterThan(0);
    expect(state).toEqual({ open: 0, most: 1, read: 3 * 64 * 2 ** 20 });
  });

  it('are read no faster than they are taken, and closed when the rest is not wanted', async () => {
    const { state, openCounted } = counting();
    const archive = writeZip(members, openCounted);
    await archive.next();
    await archive.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(state.open).toBe(1);
    expect(state.read).toBeLessThan(20 * 2 ** 20);
    await archive.return(undefined);
    expect(state.open).toBe(0);
  });

  it.each([1, -1])('fail the archive when a file has %d bytes more than it had', async (surplus) => {
    const { state, openCounted } = counting(surplus);
    await expect(lengthOf(writeZip(members, openCounted))).rejects.toThrow(SourceLengthError);
    expect(state.open).toBe(0);
  });

  it('fail the archive when a file ends too soon', async () => {
    let isClosed = false;
    const short = ({ size }: ZipMember) =>
      Promise.resolve({
        source: new Zeros(size, undefined, 1),
        close: () => Promise.resolve(void (isClosed = true)),
      });
    await expect(lengthOf(writeZip(members, short))).rejects.toThrow(SourceLengthError);
    expect(isClosed).toBe(true);
  });

  it('fail the archive when a file cannot be opened', async () => {
    const refuse = () => Promise.reject(new Error('gone'));
    await expect(lengthOf(writeZip(members, refuse))).rejects.toThrow('gone');
  });
});
