import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  box,
  bytes,
  fullBox,
  largeBox,
  type Part,
  u16,
  u32,
  u8,
  zeros,
} from '../../../test/support/isobmff/box-builder.js';
import {
  ftyp,
  mdat,
  moof,
  moov,
  mvex,
  stco,
  trak,
  visualEntry,
} from '../../../test/support/isobmff/movie-builder.js';
import { MemorySource, type SegmentMap, type ByteSource } from '../bytes/index.js';
import { hvc1 } from './hvc1.js';

const VPS = u8(0x40, 1, 0x0c);
const SPS = u8(0x42, 1, 1, 7);
const PPS = u8(0x44, 1, 0xc1);
const SEI = u8(0x4e, 1, 5);

const array = (first: number, ...units: Uint8Array[]) =>
  bytes(
    u8(first),
    u16(units.length),
    units.map((unit) => [u16(unit.length), unit]),
  );
const hvcC = (...arrays: Uint8Array[]) => box('hvcC', u8(1, 1), zeros(19), u8(3, arrays.length), arrays);
const SETS = [array(0x20, VPS), array(0x21, SPS), array(0x22, PPS)];
const COMPLETE = [array(0xa0, VPS), array(0xa1, SPS), array(0xa2, PPS)];
const hevc = (type: string, arrays: Uint8Array[] = SETS) => visualEntry(type, [320, 180], hvcC(...arrays));
const sample = (...units: Uint8Array[]) => bytes(units.map((unit) => [u32(unit.length), unit]));
const SLICE = u8(0x26, 1, 0xaf, 0, 1, 2);

const track = (entry: Part) => trak({ entry, chunkOffsets: stco(0xffff_0000) });
const movie = (...entries: Part[]) =>
  bytes(ftyp(), moov({ tracks: entries.map((entry) => track(entry)) }), mdat(zeros(40)));

const planFor = (file: Uint8Array) => hvc1.plan(new MemorySource(file));
async function repaired(
  file: Uint8Array,
): Promise<{ map: SegmentMap; bytes: Buffer; changes: readonly string[] }> {
  const plan = await planFor(file);
  if (plan.kind !== 'repaired') throw new Error(`it is ${plan.kind}`);
  return { map: plan.map, bytes: Buffer.from(await plan.map.read(0, plan.map.size)), changes: plan.changes };
}

describe('the tag of HEVC', () => {
  it.each([
    ['hev1', 'hvc1'],
    ['dvhe', 'dvh1'],
  ])('%s becomes %s, and its parameter sets complete', async (before, after) => {
    const { bytes: result, changes } = await repaired(movie(hevc(before)));
    expect(result).toEqual(movie(hevc(after, COMPLETE)));
    expect(changes).toEqual([`The HEVC video is tagged ${after} instead of ${before}.`]);
  });

  it('in several tracks and in several entries of one track', async () => {
    const built = (type: string, arrays?: Uint8Array[]) =>
      movie([hevc(type, arrays), hevc(type, arrays)], hevc('hvc1', COMPLETE), hevc(type, arrays));
    const source = built('hev1');
    const { bytes: result } = await repaired(countEntries(source, 2));
    expect(result).toEqual(countEntries(built('hvc1', COMPLETE), 2));
  });

  it('behind the media, in a box with a 64-bit size, without reading the media', async () => {
    const built = (type: string, arrays?: Uint8Array[]) => {
      const entry = hevc(type, arrays);
      return bytes(ftyp(), mdat(zeros(500_000)), moov({ tracks: track(largeBox(type, entry.subarray(8))) }));
    };
    const source = new CountingSource(built('hev1'));
    const plan = await hvc1.plan(source);
    if (plan.kind !== 'repaired') throw new Error(plan.kind);
    expect(Buffer.from(await plan.map.read(0, plan.map.size))).toEqual(built('hvc1', COMPLETE));
    expect(source.planned).toBeLessThan(12_000);
    const inMemory = plan.map.segments.filter((segment) => segment instanceof Uint8Array);
    expect(inMemory.map(({ length }) => length)).toEqual([4, 1, 1, 1]);
  });

  it('in front of fragments', async () => {
    const built = (type: string, arrays?: Uint8Array[]) =>
      bytes(
        ftyp(),
        moov({ tracks: trak({ entry: hevc(type, arrays), chunkOffsets: stco() }), more: mvex([[1, 100]]) }),
        moof({}),
        mdat(zeros(9)),
      );
    expect((await repaired(built('hev1'))).bytes).toEqual(built('hvc1', COMPLETE));
  });

  it('of a protected entry, in its original format', async () => {
    const protectedEntry = (type: string, arrays: Uint8Array[]) =>
      visualEntry(
        'encv',
        [320, 180],
        hvcC(...arrays),
        box('sinf', box('frma', type), fullBox('schm', 0, 0, 'cbcs', u32(1))),
      );
    const { bytes: result } = await repaired(movie(protectedEntry('hev1', SETS)));
    expect(result).toEqual(movie(protectedEntry('hvc1', COMPLETE)));
  });
});

describe('the parameter sets', () => {
  const inBand = { kind: 'impossible', reason: 'parameter-sets-in-band' };

  it.each([
    ['without any', []],
    ['without a VPS', [SETS[1]!, SETS[2]!]],
    ['without an SPS', [SETS[0]!, SETS[2]!]],
    ['without a PPS', [SETS[0]!, SETS[1]!]],
    ['with an empty array of PPS', [SETS[0]!, SETS[1]!, array(0x22)]],
  ])('%s in the entry are in the stream', async (_, arrays) => {
    expect(await planFor(movie(hevc('hev1', arrays)))).toMatchObject(inBand);
  });

  const withSample = (entry: Buffer, ...units: Uint8Array[]) => {
    const start = ftyp().length + 8;
    return bytes(
      ftyp(),
      mdat(sample(...units)),
      moov({ tracks: trak({ entry, chunkOffsets: stco(start) }) }),
    );
  };

  it('that the first sample repeats do no harm', async () => {
    const file = withSample(hevc('hev1'), VPS, SPS, PPS, SEI, SLICE);
    expect((await repaired(file)).bytes).toEqual(
      withSample(hevc('hvc1', COMPLETE), VPS, SPS, PPS, SEI, SLICE),
    );
  });

  it('that the first sample brings and the entry lacks stay where they are allowed', async () => {
    const other = u8(0x44, 1, 0xc0);
    expect(await planFor(withSample(hevc('hev1'), SEI, other, SLICE))).toMatchObject(inBand);
  });

  it.each([
    ['missing', visualEntry('hev1', [320, 180])],
    [
      'cut off within its arrays',
      visualEntry('hev1', [320, 180], box('hvcC', u8(1), zeros(21), u8(9, 0x20, 0))),
    ],
    ['cut off within a set', visualEntry('hev1', [320, 180], hvcC(bytes(u8(0x20), u16(1, 9), VPS)))],
    ['shorter than its fields', visualEntry('hev1', [320, 180], box('hvcC', zeros(22)))],
  ])('are not known from a record that is %s', async (_, entry) => {
    expect(await planFor(movie(entry))).toMatchObject({ kind: 'impossible', reason: 'malformed-hvcc' });
  });
});

describe('nothing to do', () => {
  it.each<[string, Uint8Array]>([
    ['hvc1', movie(hevc('hvc1'))],
    ['H.264', movie(visualEntry('avc1', [320, 180]))],
    ['the letters in a text', movie(visualEntry('avc1', [320, 180], box('free', box('hev1', zeros(99)))))],
    ['a file without moov', bytes(ftyp(), mdat(zeros(100), 'hev1'))],
    ['another container', Buffer.from('RIFF....WAVEfmt hev1')],
    ['nothing', new Uint8Array(0)],
  ])('for %s', async (_, file) => {
    expect(await planFor(file)).toEqual({ kind: 'not-needed' });
  });
});

it('of a real file nothing else changes', async () => {
  const file = await readFile(path.join(import.meta.dirname, '../../../samples/video/mp4-hevc-hev1.mp4'));
  const { bytes: result } = await repaired(file);
  const changed = [...file.keys()].filter((at) => file[at] !== result[at]);
  const name = file.indexOf('hev1', file.indexOf('stsd'));
  const record = file.indexOf('hvcC') + 4;
  expect(result).toHaveLength(file.length);
  expect(result.toString('latin1', name, name + 4)).toBe('hvc1');
  expect(changed.slice(0, 2)).toEqual([name + 1, name + 2]);
  expect(changed.slice(2).map((at) => [at > record && at < record + 112, file[at]! | 0x80])).toEqual(
    changed.slice(2).map((at) => [true, result[at]!]),
  );
  expect(changed).toHaveLength(5);
});

/** stsd holds more than one entry: the first of the file says so. */
function countEntries(file: Buffer, count: number): Buffer {
  const copy = Buffer.from(file);
  copy.writeUInt32BE(count, copy.indexOf('stsd') + 8);
  return copy;
}

class CountingSource extends MemorySource implements ByteSource {
  planned = 0;
  override read(offset: number, length: number): Promise<Uint8Array> {
    this.planned += length;
    return super.read(offset, length);
  }
}
