import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { bytes, type Part, u16, u32, u8, zeros } from '../../../test/support/isobmff/box-builder.js';
import {
  blockGroup,
  claim,
  element,
  endless,
  f32,
  f64,
  simpleBlock,
} from '../../../test/support/matroska/element-builder.js';
import { MemorySource } from '../bytes/index.js';
import { inspectMedia } from '../media/index.js';
import { planRepairs } from './plan-repairs.js';
import { webmDuration } from './webm-duration.js';

const EBML = element(0x1a45dfa3, element(0x4282, 'webm'));
const SCALE = element(0x2ad7b1, u8(0x0f, 0x42, 0x40));
const info = (...fields: Part[]) => element(0x1549a966, SCALE, element(0x4d80, 'app'), fields);
const duration = (value: number) => element(0x4489, f64(value));
const track = (...fields: Part[]) =>
  element(
    0x1654ae6b,
    element(0xae, element(0xd7, u8(1)), element(0x83, u8(1)), element(0x86, 'V_VP8'), fields),
  );
const cluster = (time: number, ...blocks: Part[]) => endless(0x1f43b675, element(0xe7, u32(time)), blocks);
const TRACKS = track();
const FIRST = cluster(0, simpleBlock(1, 0), simpleBlock(1, 40));
const LAST = cluster(7000, simpleBlock(1, 0), simpleBlock(1, 40), simpleBlock(1, 80));
const recording = (...parts: Part[]) => bytes(EBML, endless(0x18538067, parts));

class CountingSource extends MemorySource {
  bytesRead = 0;
  override read(offset: number, length: number): Promise<Uint8Array> {
    this.bytesRead += length;
    return super.read(offset, length);
  }
}

const planFor = (file: Uint8Array) => webmDuration.plan(new MemorySource(file));
async function repaired(file: Uint8Array): Promise<Buffer> {
  const plan = await planFor(file);
  if (plan.kind !== 'repaired') throw new Error(JSON.stringify(plan));
  return Buffer.from(await plan.map.read(0, plan.map.size));
}
const durationOf = async (...parts: Part[]) => {
  const report = await inspectMedia(new MemorySource(await repaired(recording(info(), ...parts))));
  return report?.duration;
};

describe('a recording without a duration', () => {
  it('gets one as the last field of Info', async () => {
    expect(await repaired(recording(info(), TRACKS, FIRST, LAST))).toEqual(
      recording(info(duration(7120)), TRACKS, FIRST, LAST),
    );
  });

  it.each([
    ['eight', f64(0), f64(7120)],
    ['four', f32(0), f32(7120)],
  ])('gets it in place of a 0 of %s bytes', async (_, before, after) => {
    const seek = element(
      0x114d9b74,
      element(0x4dbb, element(0x53ab, u32(0x1f43b675)), element(0x53ac, u16(200))),
    );
    const file = (value: Buffer) => recording(seek, info(element(0x4489, value)), TRACKS, FIRST, LAST);
    expect(await repaired(file(before))).toEqual(file(after));
  });

  it('gets it where Info needs a longer size for it', async () => {
    const before = info(element(0x5741, Buffer.alloc(100, 'x')));
    const result = await repaired(recording(before, TRACKS, FIRST, LAST));
    const content = bytes(before.subarray(5), duration(7120));
    expect(result).toEqual(
      recording(bytes(u32(0x1549a966), u16(0x4000 + content.length), content), TRACKS, FIRST, LAST),
    );
  });

  it('has a Segment that grows along where its size is known', async () => {
    const file = (head: Buffer) =>
      bytes(EBML, element(0x18538067, head, TRACKS, element(0xec, zeros(200)), FIRST, LAST));
    expect(await repaired(file(info()))).toEqual(file(info(duration(7120))));
  });

  it.each([
    ['is used up', 11, 0],
    ['is larger', 40, 29],
    ['has two bytes left', 13, 2],
  ])('gets it where the Void behind Info %s, and nothing moves', async (_, before, after) => {
    const cues = element(0x1c53bb6b, 'index');
    const space = (whole: number) =>
      whole === 0 ? [] : bytes(u8(0xec, 0x80 | (whole - 2)), zeros(whole - 2));
    const result = await repaired(recording(info(), space(before), TRACKS, cues, FIRST, LAST));
    const left = result.subarray(bytes(EBML, endless(0x18538067), info(duration(1))).length);
    expect(result).toHaveLength(recording(info(), space(before), TRACKS, cues, FIRST, LAST).length);
    expect(left.subarray(after)).toEqual(bytes(TRACKS, cues, FIRST, LAST));
    if (after > 0) expect(left[0]).toBe(0xec);
    expect((await inspectMedia(new MemorySource(result)))?.duration).toBe(7.12);
  });
});

describe('the end of a recording', () => {
  it.each<[string, number, Part[]]>([
    ['by the duration of its last block', 7.3, [TRACKS, FIRST, cluster(7000, blockGroup(1, 200, 100))]],
    ['by the default duration of the track', 7.02, [track(element(0x23e383, u32(20_000_000))), FIRST, cluster(7000, simpleBlock(1, 0))]],
    ['by the blocks before it', 7.12, [TRACKS, FIRST, LAST]],
    ['by the track that lasts longest', 7.24, [TRACKS, FIRST, cluster(7000, blockGroup(2, 200, 40), simpleBlock(1, 100))]],
    ['where a block is cut off', 7.08, [TRACKS, FIRST, LAST.subarray(0, -3)]],
    ['where a cluster is without blocks', 0.08, [TRACKS, FIRST, cluster(9000)]],
    ['in front of tags', 7.12, [TRACKS, FIRST, LAST, element(0x1254c367, 'tags')]],
    ['in a cluster of known size', 7.04, [TRACKS, FIRST, element(0x1f43b675, element(0xe7, u32(7000)), simpleBlock(1, 40))]],
    ['in its only cluster', 0.08, [TRACKS, FIRST]],
    ['behind a block with a negative time', 7.03, [TRACKS, FIRST, cluster(7000, blockGroup(1, -10, 40))]],
  ])('is found %s', async (_, seconds, parts) => {
    expect(await durationOf(...parts)).toBeCloseTo(seconds, 6);
  }); // prettier-ignore

  it.each<[string, Part]>([
    ['with noise behind it', [cluster(99_000, simpleBlock(1, 0)), zeros(40)]],
    [
      'with something behind it that stands in no Segment',
      [cluster(99_000, simpleBlock(1, 0)), element(0x86, 'V')],
    ],
    ['from before the first cluster', cluster(0, simpleBlock(1, 0))],
    ['without a time', endless(0x1f43b675, simpleBlock(1, 0))],
  ])('is not that of a cluster in the data of a block, %s', async (_, trap) => {
    const first = cluster(1000, simpleBlock(1, 0));
    expect(await durationOf(TRACKS, first, cluster(7000, simpleBlock(1, 0, [zeros(9), trap])))).toBe(7);
  });

  it('is found across the windows in which it is searched', async () => {
    const filler = cluster(5000, simpleBlock(1, 0, zeros(90_000)));
    const around = cluster(7000, simpleBlock(1, 0, zeros(1000))).length - 1000;
    for (let beyond = -4; beyond <= 4; beyond += 1) {
      const tail = cluster(7000, simpleBlock(1, 0, zeros(65_536 - around + beyond)));
      expect(tail).toHaveLength(65_536 + beyond);
      expect(await durationOf(TRACKS, FIRST, filler, tail)).toBe(7);
    }
  });

  it('is not made of a part of a cluster', async () => {
    const blocks = Buffer.alloc(100_001 * 8, simpleBlock(1, 0, 'dt'));
    expect(await planFor(recording(info(), TRACKS, FIRST, cluster(7000, blocks)))).toMatchObject({
      reason: 'no-last-cluster',
    });
  });

  it('costs little of a long recording', async () => {
    const many = Array.from({ length: 300 }, (_, second) =>
      cluster(second * 1000, simpleBlock(1, 0, zeros(20_000))),
    );
    const source = new CountingSource(recording(info(), TRACKS, many));
    expect((await webmDuration.plan(source)).kind).toBe('repaired');
    expect(source.bytesRead).toBeLessThan(150_000);
  });

  it('is not looked for without end', async () => {
    const ids = Buffer.alloc(16 * 2 ** 20, Buffer.from('1f43b675', 'hex'));
    const blocks = cluster(9, Buffer.alloc(2 ** 20, Buffer.from('a380', 'hex')));
    for (const hostile of [ids, Array.from({ length: 8 }, () => blocks)]) {
      const start = performance.now();
      const file = new MemorySource(recording(info(), TRACKS, FIRST, hostile, 'no end'));
      expect(await planRepairs(file, [webmDuration])).toMatchObject({ outcomes: [{ state: 'impossible' }] });
      expect(performance.now() - start).toBeLessThan(2000);
    }
  });

  it('is not known where there is no cluster near the end', async () => {
    const plan = await planFor(
      recording(info(), TRACKS, FIRST, cluster(9, claim(0xa3, 17 * 2 ** 20), zeros(17 * 2 ** 20))),
    );
    expect(plan).toMatchObject({ kind: 'impossible', reason: 'no-last-cluster' });
  });
});

describe('what cannot be done', () => {
  const seek = element(
    0x114d9b74,
    element(0x4dbb, element(0x53ab, u32(0x1654ae6b)), element(0x53ac, u16(99))),
  );
  it.each<[string, string, Part[]]>([
    ['positions of elements without room', 'positions-in-file', [seek, info(), TRACKS, FIRST, LAST]],
    ['an index without room', 'positions-in-file', [info(), TRACKS, element(0x1c53bb6b, 'index'), FIRST, LAST]],
    ['a Void one byte too long', 'positions-in-file', [seek, info(), element(0xec, zeros(10)), TRACKS, FIRST, LAST]],
    ['clusters that say where they stand', 'positions-in-file', [info(), TRACKS, endless(0x1f43b675, element(0xe7, u8(0)), element(0xa7, u8(99)), simpleBlock(1, 0), simpleBlock(1, 40))]],
    ['a checksum', 'checksum', [element(0x1549a966, element(0xbf, u32(1)), SCALE), TRACKS, FIRST, LAST]],
    ['an Info of unknown size', 'malformed-info', [bytes(u32(0x1549a966), u8(0xff), SCALE), TRACKS, FIRST]],
  ])('%s', async (_, reason, parts) => {
    const plan = await planFor(recording(...parts));
    if (reason === 'malformed-info') expect(plan.kind).not.toBe('repaired');
    else expect(plan).toMatchObject({ kind: 'impossible', reason });
  }); // prettier-ignore
});

describe('nothing to do', () => {
  it.each<[string, Uint8Array]>([
    ['where the duration is known', recording(info(duration(5)), TRACKS, FIRST)],
    ['without media', recording(info(), TRACKS)],
    ['without Info', recording(TRACKS, FIRST)],
    ['without a Segment', EBML],
    ['for another container', Buffer.from('OggS, no EBML')],
    ['for nothing', new Uint8Array(0)],
  ])('%s', async (_, file) => {
    expect(await planFor(file)).toEqual({ kind: 'not-needed' });
  });
});

it.each([
  ['recorded-chromium.webm', 11],
  ['recorded-firefox.webm', 0],
])('%s lasts eight seconds', async (name, grown) => {
  const file = await readFile(path.join(import.meta.dirname, '../../../test/fixtures/media', name));
  const result = await repaired(file);
  expect(result).toHaveLength(file.length + grown);
  expect((await inspectMedia(new MemorySource(result)))?.duration).toBeCloseTo(8, 0);
  const media = file.subarray(file.indexOf(Buffer.from('1654ae6b', 'hex')));
  expect(result.subarray(-media.length)).toEqual(media);
});
