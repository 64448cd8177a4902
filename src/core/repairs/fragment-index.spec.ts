import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  box,
  bytes,
  fullBox,
  type Part,
  u16,
  u32,
  u64,
  u8,
  zeros,
} from '../../../test/support/isobmff/box-builder.js';
import {
  ftyp,
  mdat,
  moof,
  moov,
  sidx,
  stco,
  stsz,
  trak,
} from '../../../test/support/isobmff/movie-builder.js';
import { MemorySource } from '../bytes/index.js';
import { fragmentIndex } from './fragment-index.js';
import { writeSegmentIndexes } from './segment-index-box.js';

const EMPTY = { duration: 0, sampleSizes: stsz(0, 0), chunkOffsets: stco() };
const TRACK = trak(EMPTY);
const media = mdat(zeros(30));
const mehd = (duration: number) => fullBox('mehd', 1, 0, u64(duration));
/** Samples last 40 of 1000 units a second; those of track 2 are no sync samples. */
const extends_ = (...before: Part[]) =>
  box(
    'mvex',
    before,
    fullBox('trex', 0, 0, u32(1, 1, 40, 0, 0)),
    fullBox('trex', 0, 0, u32(2, 1, 40, 0, 0x1_0000)),
  );
const movie = (tracks: Part = TRACK, more: Part = extends_()) => moov({ duration: 0, tracks, more });
const promised = (duration: number, tracks: Part = TRACK) => movie(tracks, extends_(mehd(duration)));

const index = (
  track: number,
  earliest: number,
  firstOffset: number,
  references: readonly (readonly [size: number, duration: number, sync: boolean])[],
) =>
  fullBox(
    'sidx',
    1,
    0,
    [u32(track, 1000), u64(earliest), u64(firstOffset), u16(0, references.length)],
    references.map(([size, duration, sync]) => u32(size, duration, sync ? 0x8000_0000 : 0)),
  );

const planFor = (...parts: Part[]) => fragmentIndex.plan(new MemorySource(bytes(...parts)));
async function repaired(...parts: Part[]): Promise<Buffer> {
  const plan = await planFor(...parts);
  if (plan.kind !== 'repaired') throw new Error(JSON.stringify(plan));
  return Buffer.from(await plan.map.read(0, plan.map.size));
}

const one = moof({ start: 0 });
const two = moof({ start: 400, count: 5 });

describe('the index', () => {
  it('stands in front of the first fragment, and the movie says how long it lasts', async () => {
    const size = one.length + media.length;
    const last = two.length + media.length;
    expect(await repaired(ftyp(), movie(), one, media, two, media)).toEqual(
      bytes(ftyp(), promised(600), index(1, 0, 0, [[size, 400, true], [last, 200, true]]), one, media, two, media),
    ); // prettier-ignore
  });

  it('is one for each track, without a gap where a fragment holds only one', async () => {
    const tracks = [TRACK, trak({ ...EMPTY, id: 2, handler: 'soun' })];
    const other = moof({ id: 2, start: 80, count: 2 });
    const parts = [moof({ id: 1, start: 0 }), media, other, media, two, media];
    const sizes = [one, other, two].map(({ length }) => length + media.length);
    const sound = index(2, 80, 0, [[sizes[0]! + sizes[1]! + sizes[2]!, 80, false]]);
    const pictures = index(1, 0, sound.length, [[sizes[0]! + sizes[1]!, 400, true], [sizes[2]!, 200, true]]); // prettier-ignore
    expect(await repaired(ftyp(), movie(tracks), parts)).toEqual(
      bytes(ftyp(), promised(600, tracks), pictures, sound, parts),
    );
  });

  it('counts times as they are shown: with composition offsets, after the edit list', async () => {
    const tracks = trak({ ...EMPTY, edits: [[0, 80]] });
    const parts = [
      moof({ start: 0, offsets: [80, 200, 120] }), media, // shown at 0, 160 and 80
      moof({ start: 120, offsets: [120, 80, 80] }), media, // shown at 160, 160 and 200
    ]; // prettier-ignore
    const result = await repaired(ftyp(), movie(tracks), parts);
    const size = bytes(parts).length / 2;
    const expected = index(1, 0, 0, [[size, 160, true], [size, 80, true]]); // prettier-ignore
    expect(result.subarray(result.indexOf('sidx') - 4).subarray(0, expected.length)).toEqual(expected);
  });

  it('goes on where the fragment before ended, if none says when it begins', async () => {
    const result = await repaired(
      ftyp(),
      movie(),
      moof({}),
      media,
      moof({ count: 1 }),
      media,
      moof({}),
      media,
    );
    const at = result.indexOf('sidx') + 36;
    expect([0, 1, 2].map((place) => result.readUInt32BE(at + place * 12 + 4))).toEqual([400, 40, 400]);
  });

  it('takes from each sample, fragment or movie whether decoding can begin', async () => {
    const fragment = (tfhdFlags: number, byDefault: number[], trunFlags: number, run: number[]) =>
      box('moof', box('traf', [
        fullBox('tfhd', 0, 0x2_0000 | tfhdFlags, u32(1, ...byDefault)),
        fullBox('trun', 0, trunFlags, u32(1, ...run)),
      ])); // prettier-ignore
    const fragments = [
      fragment(0, [], 0, []),
      fragment(0x38, [40, 9, 0x1_0000], 0, []),
      fragment(0x20, [0x1_0000], 0x5, [99, 0x200_0000]),
      fragment(0, [], 0x700, [40, 9, 0x101_0000]),
    ];
    const result = await repaired(ftyp(), movie(), fragments);
    const at = result.indexOf('sidx') + 36;
    expect(fragments.map((_, place) => result.readUInt32BE(at + place * 12 + 8) >>> 31)).toEqual([
      1, 0, 1, 0,
    ]);
  });

  it('takes several fragments together where it has no room for all', () => {
    const subsegments = Array.from({ length: 70_000 }, (_, place) => ({
      offset: 1000 + place * 50,
      time: place * 40,
      startsWithSync: true,
    }));
    const written = writeSegmentIndexes([
      { trackId: 1, timescale: 1000, subsegments, endTime: 70_000 * 40, endOffset: 1000 + 70_000 * 50 },
    ])!;
    expect(written.readUInt16BE(38)).toBe(35_000);
    expect([written.readUInt32BE(40), written.readUInt32BE(44)]).toEqual([100, 80]);
    expect([written.readUInt32BE(written.length - 12), written.readUInt32BE(written.length - 8)]).toEqual([
      100, 80,
    ]);
  });
});

describe('what counts from the start of the file', () => {
  it('is left out with the index at the end', async () => {
    const mfra = box('mfra', fullBox('tfra', 0, 0, u32(1, 0, 1, 0, 99), zeros(3)), zeros(16));
    expect(await repaired(ftyp(), movie(), one, media, two, media, mfra)).toEqual(
      await repaired(ftyp(), movie(), one, media, two, media),
    );
  });

  const absolute = box(
    'moof',
    box('traf', fullBox('tfhd', 0, 1, u32(1), u64(99)), fullBox('trun', 0, 0, u32(5))),
  );
  it.each<[string, Part[]]>([
    ['a fragment', [movie(), one, media, absolute, media]],
    ['a chunk behind moov', [movie(trak({ chunkOffsets: stco(20_000) })), one, media, two, media]],
    ['an item', [movie(), box('meta', zeros(40)), one, media, two, media]],
  ])('is not changed where %s counts so', async (_, parts) => {
    expect(await planFor(ftyp(), ...parts)).toMatchObject({ kind: 'impossible', reason: 'absolute-offsets' });
  });
});

describe('only the duration', () => {
  it('is added where there is an index', async () => {
    const index = sidx(1000, [[one.length + media.length, 400]]);
    expect(await repaired(ftyp(), movie(), index, one, media)).toEqual(
      bytes(ftyp(), promised(400), index, one, media),
    );
  });

  it.each([
    ['32', fullBox('mehd', 0, 0, u32(0)), fullBox('mehd', 0, 0, u32(400))],
    ['64', mehd(0), mehd(400)],
  ])('takes the place of a 0 of %s bits', async (_, before, after) => {
    expect(await repaired(ftyp(), movie(TRACK, extends_(before)), one, media)).toEqual(
      bytes(ftyp(), movie(TRACK, extends_(after)), one, media),
    );
  });
});

describe('nothing to do', () => {
  it.each<[string, Part[]]>([
    ['for a plain movie', [ftyp(), moov(), media]],
    ['with an index and a duration', [ftyp(), promised(9), sidx(1000, [[99, 9]]), one, media, two, media]],
    ['for one fragment with a duration', [ftyp(), promised(9), one, media]],
    ['without mvex', [ftyp(), moov(), one, media, two, media]],
    ['for media segments', [box('styp', 'msdh', u32(0)), one, media, two, media]],
    ['behind the fragments', [ftyp(), one, media, two, media, movie()]],
    [
      'for tracks of which there are no fragments',
      [ftyp(), movie(trak({ ...EMPTY, id: 7 })), one, media, two, media],
    ],
    ['for another container', ['RIFF', u8(0, 0, 0, 0), 'WAVE']],
  ])('%s', async (_, parts) => {
    expect(await planFor(...parts)).toEqual({ kind: 'not-needed' });
  });
});

describe('hostile files', () => {
  it('whose times go back get no index', async () => {
    const plan = await planFor(ftyp(), movie(), two, media, one, media);
    expect(plan).toMatchObject({ kind: 'impossible', reason: 'unusable-times' });
  });

  it('of more boxes than are walked get none', async () => {
    const plan = await planFor(
      ftyp(),
      movie(),
      Array.from({ length: 10_000 }, () => one),
    );
    expect(plan).toMatchObject({ kind: 'impossible', reason: 'too-many-fragments' });
  });

  it('whose fragments are damaged are no error', async () => {
    const damaged = box(
      'moof',
      box('traf', fullBox('tfhd', 0, 0)),
      box('traf', fullBox('tfhd', 0, 0x38, u32(1))),
    );
    expect(await planFor(ftyp(), movie(), one, media, damaged, media)).toMatchObject({
      kind: 'impossible',
      reason: 'malformed-fragment',
    });
  });
});

it('points to the fragments of a real file', async () => {
  const file = await readFile(path.join(import.meta.dirname, '../../../samples/video/mp4-fragmented.mp4'));
  const result = await repaired(file);
  let at = result.indexOf('sidx') - 4;
  for (let tracks = 0; tracks < 2; tracks += 1) {
    const count = result.readUInt16BE(at + 38);
    let fragment = at + result.readUInt32BE(at) + Number(result.readBigUInt64BE(at + 28));
    for (let place = 0; place < count; place += 1) {
      expect(result.toString('latin1', fragment + 4, fragment + 8)).toBe('moof');
      fragment += result.readUInt32BE(at + 40 + place * 12);
    }
    expect(fragment).toBe(result.length);
    at += result.readUInt32BE(at);
  }
});
