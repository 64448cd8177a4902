import { describe, expect, it } from '@jest/globals';
import {
  box,
  bytes,
  fullBox,
  header,
  largeBox,
  largeHeader,
  type Part,
  u16,
  u32,
  u8,
  zeros,
} from '../../../test/support/isobmff/box-builder.js';
import {
  co64,
  fileOf,
  ftyp,
  hdlr,
  iloc,
  mdat,
  meta,
  moof,
  moov,
  mvex,
  mvhd,
  noise,
  saio,
  sidx,
  stco,
  stsc,
  stsz,
  trak,
  type TrackOptions,
} from '../../../test/support/isobmff/movie-builder.js';
import { parseBoxes, readChunks } from '../../../test/support/isobmff/movie-file.js';
import { relocationFaults } from '../../../test/support/isobmff/relocation-check.js';
import { SparseSource } from '../../../test/support/isobmff/sparse-source.js';
import { media, more, movie, repaired, track } from '../../../test/support/isobmff/slow-movie.js';
import { MemorySource } from '../bytes/index.js';
import { faststart } from './faststart.js';
import { planRepairs } from './plan-repairs.js';

const MEBIBYTE = 2 ** 20;
const free = (length = 16) => box('free', noise(length, 3));
const uuid = (...content: Part[]) => box('uuid', noise(16, 4), ...content);

const refusal = async (...parts: Part[]) => {
  const plan = await faststart.plan(SparseSource.of(bytes(...parts)));
  if (plan.kind === 'impossible') expect(plan.message).toMatch(/^[A-Z].*\.$/);
  return plan.kind === 'impossible' ? plan.reason : plan.kind;
};

const typesOf = (file: Buffer) => parseBoxes(file).map(({ type }) => type);

/** What a file is made of, given where each part begins, and the order of its boxes afterwards. */
type Case = readonly [
  name: string,
  make: (start: (part: number) => number) => readonly Part[],
  order: string,
];

describe('the moov box goes in front of the media, and everything else stays', () => {
  const cases: Case[] = [
    ['moov last', (at) => [ftyp(), media, movie(at(1) + 8, at(1) + 60)], 'ftyp moov mdat'],
    ['64-bit mdat', (at) => [ftyp(), largeBox('mdat', noise(100)), movie(at(1) + 16)], 'ftyp moov mdat'],
    [
      '64-bit moov',
      (at) => [ftyp(), media, largeBox('moov', mvhd({}), track([at(1) + 8]))],
      'ftyp moov mdat',
    ],
    [
      '64-bit trak',
      (at) => [ftyp(), media, moov({ tracks: largeBox('trak', track([at(1) + 8]).subarray(8)) })],
      'ftyp moov mdat',
    ],
    ['no ftyp', (at) => [media, movie(at(0) + 8)], 'moov mdat'],
    ['a ftyp behind the media', (at) => [media, ftyp(), movie(at(0) + 8)], 'moov mdat ftyp'],
    ['no ftyp, but wide', (at) => [box('wide'), media, movie(at(1) + 8)], 'moov wide mdat'],
    ['wide', (at) => [ftyp('qt  '), box('wide'), media, movie(at(2) + 8)], 'ftyp moov wide mdat'],
    ['skip', (at) => [ftyp(), box('skip', zeros(9)), media, movie(at(2) + 8)], 'ftyp moov skip mdat'],
    ['uuid', (at) => [ftyp(), uuid('x'), media, movie(at(2) + 8)], 'ftyp moov uuid mdat'],
    ['pdin', (at) => [ftyp(), box('pdin', zeros(12)), media, movie(at(2) + 8)], 'ftyp pdin moov mdat'],
    ['an unknown box', (at) => [ftyp(), box('zzzz'), media, movie(at(2) + 8)], 'ftyp moov zzzz mdat'],
    [
      'the signature of JPEG 2000',
      (at) => [box('jP  ', u32(0x0d0a870a)), ftyp('mjp2'), media, movie(at(2) + 8)],
      'jP   ftyp moov mdat',
    ],
    ['free between', (at) => [ftyp(), media, free(), movie(at(1) + 8)], 'ftyp moov mdat free'],
    ['free behind', (at) => [ftyp(), media, movie(at(1) + 8), free()], 'ftyp moov mdat free'],
    ['XMP behind', (at) => [ftyp(), media, movie(at(1) + 8), uuid('<x/>')], 'ftyp moov mdat uuid'],
    ['sefd behind', (at) => [ftyp(), media, movie(at(1) + 8), box('sefd', noise(50))], 'ftyp moov mdat sefd'],
    [
      'mdat moov mdat',
      (at) => [ftyp(), media, movie(at(1) + 8, at(3) + 8, at(1) + 50, at(3) + 80), more],
      'ftyp moov mdat mdat',
    ],
    [
      'three mdats with boxes between',
      (at) => [ftyp(), media, free(), more, uuid(), movie(at(1) + 8, at(3) + 9, at(6) + 8), mdat(noise(99))],
      'ftyp moov mdat free mdat uuid mdat',
    ],
    [
      'the last mdat of size 0',
      (at) => [ftyp(), media, movie(at(1) + 8, at(3) + 8), bytes(header('mdat', 0), noise(64, 5))],
      'ftyp moov mdat mdat',
    ],
    ['an empty mdat in front', (at) => [ftyp(), mdat(), movie(at(3) + 8), media], 'ftyp moov mdat mdat'],
    ['free in front of ftyp', (at) => [free(), ftyp(), media, movie(at(2) + 8)], 'free ftyp moov mdat'],
    [
      'a ftyp of 2 MiB',
      (at) => [box('ftyp', 'isom', zeros(2 * MEBIBYTE)), media, movie(at(1) + 8)],
      'ftyp moov mdat',
    ],
    ['5 bytes behind', (at) => [ftyp(), media, movie(at(1) + 8), 'abcde'], 'ftyp moov mdat'],
    ['ID3v1 behind', (at) => [ftyp(), media, movie(at(1) + 8), `TAG${'x'.repeat(125)}`], 'ftyp moov mdat'],
    ['chunks in free', (at) => [ftyp(), free(99), media, movie(at(1) + 9, at(2) + 8)], 'ftyp moov free mdat'],
    [
      'chunks in a uuid behind moov',
      (at) => [ftyp(), media, movie(at(1) + 8, at(3) + 24), uuid(noise(50, 6))],
      'ftyp moov mdat uuid',
    ],
    ['chunks in moov', (at) => [ftyp(), media, movie(at(2) + 8, at(1) + 8)], 'ftyp moov mdat'],
    [
      'the first chunk at 0',
      (at) => [ftyp('isom', 'mp41', 'mp42'), media, movie(0, at(1) + 8)],
      'ftyp moov mdat',
    ],
    ['the last chunk far behind', (at) => [ftyp(), media, movie(at(1) + 8, 0xffff_fff0)], 'ftyp moov mdat'],
    [
      'chunks beyond any file',
      (at) => [ftyp(), media, moov({ tracks: track([], { chunkOffsets: co64(at(1) + 8, 2n ** 64n - 9n) }) })],
      'ftyp moov mdat',
    ],
    [
      '"stco" in a text',
      (at) => [
        ftyp(),
        media,
        moov({
          tracks: track([at(1) + 8]),
          more: box('udta', box('\xa9nam', u16(36, 0), bytes('\0\0\0\x14stco', u32(0, 1, 99)))),
        }),
      ],
      'ftyp moov mdat',
    ],
    [
      'udta ending in zeros',
      (at) => [
        ftyp(),
        media,
        moov({ tracks: track([at(1) + 8]), more: box('udta', box('\xa9nam', 'text'), u32(0)) }),
      ],
      'ftyp moov mdat',
    ],
    [
      'meta as QuickTime has it',
      (at) => [
        ftyp('qt  '),
        media,
        moov({ tracks: track([at(1) + 8]), more: box('meta', hdlr('mdta'), box('keys')) }),
      ],
      'ftyp moov mdat',
    ],
    [
      'a payload of stco longer than its count',
      (at) => [
        ftyp(),
        media,
        moov({ tracks: track([], { chunkOffsets: fullBox('stco', 0, 0, u32(1, at(1) + 8, at(1) + 9)) }) }),
      ],
      'ftyp moov mdat',
    ],
    [
      'samples of a table, and compact ones',
      (at) => [
        ftyp(),
        media,
        moov({
          tracks: [
            track([at(1) + 8, at(1) + 40], {
              sampleSizes: stsz(0, 5, 4, 9, 1, 7, 20),
              sampleToChunk: stsc([1, 2], [2, 3]),
            }),
            track([at(1) + 9], { id: 2, sampleSizes: fullBox('stz2', 0, 0, u32(4, 3), u8(0x31, 0xf0)) }),
            track([at(1) + 9], { id: 3, sampleSizes: fullBox('stz2', 0, 0, u32(16, 2), u16(30, 40)) }),
          ],
        }),
      ],
      'ftyp moov mdat',
    ],
    ['compact samples at the end', (at) => [ftyp(), media, compact(at(2) - 15, at(2) - 1)], 'ftyp moov mdat'],
    [
      '4294967295 samples of one size',
      (at) => [ftyp(), media, moov({ tracks: track([at(1) + 8], { sampleSizes: stsz(3, 0xffff_ffff) }) })],
      'ftyp moov mdat',
    ],
  ];
  it.each(cases)('%s', async (_, make, order) => {
    const file = fileOf(make);
    const after = await repaired(file);
    expect(relocationFaults(file, after)).toEqual([]);
    expect(typesOf(after).join(' ')).toBe(order);
    expect(after.length).toBe(file.length);
    expect((await faststart.plan(new MemorySource(after))).kind).toBe('not-needed');
  });

  it('a moov of size 0, which gets its size', async () => {
    const last = fileOf((at) => [ftyp(), media, movie(at(1) + 8), 'abcde']);
    const file = Buffer.from(last);
    file.writeUInt32BE(0, ftyp().length + media.length);
    const after = await repaired(file);
    expect(typesOf(after)).toEqual(['ftyp', 'moov', 'mdat']);
    expect(relocationFaults(file, after)).toEqual([]);
    expect(after.readUInt32BE(ftyp().length)).toBe(file.length - ftyp().length - media.length);
  });

  it('1 KiB of zeros behind', async () => {
    const file = fileOf((at) => [ftyp(), media, movie(at(1) + 8), zeros(1024)]);
    const after = await repaired(file);
    const content = file.length - 1024;
    expect(after.subarray(content)).toEqual(zeros(1024));
    expect(relocationFaults(file.subarray(0, content), after.subarray(0, content))).toEqual([]);
  });

  it("QuickTime's sound, whose sizes of samples are not bytes", async () => {
    const sound = { handler: 'soun', sampleSizes: stsz(1, 400), sampleToChunk: stsc([1, 400]) };
    const file = fileOf((at) => [ftyp('qt  '), media, moov({ tracks: track([at(1) + 8], sound) })]);
    const after = await repaired(file);
    expect(readChunks(after)[0]).toMatchObject([{ offset: after.length - 100 }]);
  });

  it('a media box cut off behind moov', async () => {
    const file = fileOf((at) => [ftyp(), media, movie(at(1) + 8, at(3) + 8, at(3) + 90), more]).subarray(
      0,
      -50,
    );
    const after = await repaired(file);
    expect(readChunks(after)[0]!.map(({ offset }) => offset)).toEqual([
      ftyp().length + movie(0, 0, 0).length + 8,
      file.length - 50,
      file.length + 32,
    ]);
    expect(after.subarray(-50)).toEqual(file.subarray(-50));
  });
});

describe('nothing is to be done', () => {
  const fragmented = moov({ tracks: trak(), more: mvex([[1, 100]]) });
  it.each<[string, Part[]]>([
    ['moov first', [ftyp(), movie(900), media]],
    ['free between', [ftyp(), movie(900), free(), media]],
    ['the last mdat of size 0', [ftyp(), movie(900), header('mdat', 0), zeros(100)]],
    ['moov mdat moov', [ftyp(), movie(900), media, movie(900)]],
    ['a media box cut off', [ftyp(), movie(900), header('mdat', 5000), zeros(100)]],
    ['an initialization segment', [ftyp(), fragmented]],
    ['fragments', [ftyp(), fragmented, moof({ start: 0 }), media]],
    ['an index of fragments', [ftyp(), fragmented, sidx(1000, [[200, 1000]]), moof({}), media]],
    ['samples in moov first', [ftyp(), fragmented, media, moof({ start: 1000 }), media]],
    ['a media segment', [box('styp', 'msdh', u32(0)), moof({}), media]],
    ['a picture', [ftyp('heic'), meta(iloc([])), media]],
    ['nothing', []],
    ['7 bytes', [zeros(7)]],
    ['zeros', [zeros(20_000)]],
    ['unknown boxes', [box('abcd', zeros(20)), box('efgh')]],
    ['HTML', ['<!doctype html><title>ftyp moov mdat</title>']],
    ['a JPEG picture', [Buffer.from('ffd8ffe000104a46494600010100', 'hex'), zeros(4000)]],
  ])('%s', async (_, parts) => {
    expect(await refusal(...parts)).toBe('not-needed');
  });

  it('found out without walking the rest of the file', async () => {
    const source = SparseSource.of(
      bytes(ftyp(), fragmented, ...Array.from({ length: 3000 }, () => bytes(moof({}), mdat(zeros(9000))))),
    );
    expect(await faststart.plan(source)).toEqual({ kind: 'not-needed' });
    expect(source.reads).toBeLessThan(3);
  });
});

/** Two chunks of one sample each, of 15 bytes and 1 byte, in a compact table. */
const compact = (...offsets: number[]) =>
  moov({
    tracks: track(offsets, {
      sampleSizes: fullBox('stz2', 0, 0, u32(4, 2), u8(0xf1)),
      sampleToChunk: stsc([1, 1]),
    }),
  });

describe('it cannot be done', () => {
  const nested = (depth: number, type: string) =>
    bytes(...Array.from({ length: depth }, (_, index) => header(type, (depth - index) * 8)));
  const one = (options: TrackOptions) => [ftyp(), media, moov({ tracks: trak(options) })];
  it.each<[string, string, Part]>([
    ['no-moov', 'mdat of size 0 in front of moov', [ftyp(), header('mdat', 0), zeros(9), movie(40)]],
    ['no-moov', 'mdat past the end', [ftyp(), header('mdat', 99_999), movie(40)]],
    ['malformed', 'mdat of 2^63', [ftyp(), largeHeader('mdat', 2n ** 63n), movie(40)]],
    ['malformed', 'mdat of 2^64-1', [ftyp(), largeHeader('mdat', 2n ** 64n - 1n), movie(40)]],
    ['malformed', 'mdat of 4', [ftyp(), header('mdat', 4), movie(40)]],
    ['no-moov', 'cut off in a header', [ftyp(), media.subarray(0, 6)]],
    ['no-moov', 'cut off in mdat', [ftyp(), media.subarray(0, 60)]],
    ['no-moov', 'only ftyp', [ftyp()]],
    ['truncated', 'cut off in moov', [ftyp(), media, movie(40).subarray(0, -20)]],
    ['no-mdat', 'moov without mdat', [ftyp(), movie(40)]],
    ['multiple-moov', 'two moovs', [ftyp(), media, movie(40), movie(40)]],
    ['fragmented', 'mvex', [ftyp(), media, moov({ more: mvex([[1, 1]]) })]],
    ['fragmented', 'moof behind', [ftyp(), media, movie(40), moof({}), more]],
    ['fragmented', 'mfra behind', [ftyp(), media, movie(40), box('mfra')]],
    ['fragmented', 'moof in front', [ftyp(), moof({}), media, movie(40)]],
    ['malformed-moov', 'stco of 4294967295', one({ chunkOffsets: fullBox('stco', 0, 0, u32(0xffff_ffff)) })],
    ['malformed-moov', 'co64 of 4294967295', one({ chunkOffsets: fullBox('co64', 0, 0, u32(0xffff_ffff)) })],
    ['malformed-moov', 'stco past its parent', one({ chunkOffsets: bytes(header('stco', 5000), zeros(8)) })],
    ['malformed-moov', 'stco without a count', one({ chunkOffsets: box('stco', u32(0)) })],
    ['malformed-moov', 'two tables of chunk offsets', one({ inStbl: co64(40) })],
    ['malformed-moov', 'stsc of 4294967295', one({ sampleToChunk: fullBox('stsc', 0, 0, u32(0xffff_ffff)) })],
    ['malformed-moov', 'stsz lying about 4294967295', one({ sampleSizes: stsz(0, 0xffff_ffff) })],
    ['malformed-moov', 'stsz lying without need', one({ sampleSizes: stsz(0, 3, 1), chunkOffsets: stco() })],
    ['malformed-moov', 'saio of 4294967295', one({ inStbl: fullBox('saio', 0, 0, u32(0xffff_ffff)) })],
    ['malformed-moov', 'iloc of 65535', one({ inTrak: meta(fullBox('iloc', 0, 0, u16(0x4400, 0xffff))) })],
    ['malformed-moov', 'iloc with fields of 3', one({ inTrak: meta(fullBox('iloc', 0, 0, u16(0x3300, 1))) })],
    ['malformed-moov', 'trak of 7', [ftyp(), media, box('moov', mvhd({}), header('trak', 7))]],
    [
      'malformed-moov',
      'trak of 8 in 64 bits',
      [ftyp(), media, box('moov', mvhd({}), largeHeader('trak', 8))],
    ],
    ['malformed-moov', 'moov of 8', [ftyp(), media, box('moov')]],
    ['malformed-moov', 'minf of 0', one({ inMdia: bytes(header('minf', 0), zeros(40)) })],
    ['malformed-moov', '20,000 nested trak', [ftyp(), media, moov({ more: nested(20_000, 'trak') })]],
    ['malformed-moov', '20,000 nested udta', [ftyp(), media, moov({ more: nested(20_000, 'udta') })]],
    [
      'malformed-moov',
      'a million boxes in moov',
      [ftyp(), media, moov({ more: Buffer.alloc(8e6, box('free')) })],
    ],
    ['too-many-boxes', 'a million boxes', [ftyp(), media, Buffer.alloc(8e6, box('free')), movie(40)]],
    [
      'too-many-boxes',
      'a million boxes in front',
      [ftyp(), Buffer.alloc(8e6, box('free')), media, movie(40)],
    ],
    [
      'compressed-moov',
      'cmov',
      [ftyp('qt  '), media, box('moov', box('cmov', box('dcom', 'zlib'), box('cmvd', zeros(99))))],
    ],
    ['unknown-offsets', "Canon's raw pictures", [ftyp('crx '), media, movie(40)]],
    ['unknown-offsets', 'fragment tables of JPX', [ftyp('jpx '), box('ftbl', zeros(9)), media, movie(40)]],
    ['unknown-version', 'iloc of version 3', one({ inTrak: meta(fullBox('iloc', 3, 0, u32(0, 0))) })],
    ['media-across-boxes', 'a chunk that runs into moov', [ftyp(), media, movie(ftyp().length + 100)]],
    ['media-across-boxes', 'a chunk that runs into the media', [ftyp(), media, movie(4)]],
    ['media-across-boxes', 'a chunk in the header of moov', [ftyp(), media, movie(ftyp().length + 108)]],
    [
      'media-across-boxes',
      'a chunk in a table of chunks',
      fileOf((at) => {
        const tracks = (place: number) => [
          track([at(1) + 8]),
          track(Array<number>(9).fill(place), { id: 2 }),
        ];
        const table = moov({ tracks: tracks(0) }).lastIndexOf('stco', undefined, 'latin1');
        return [ftyp(), media, moov({ tracks: tracks(at(2) + table + 8) })];
      }),
    ],
    [
      'media-across-boxes',
      'a chunk in item locations',
      fileOf((at) => [
        ftyp(),
        media,
        movie(at(3) + 60),
        meta(iloc([{ extents: [[40, 3]] }, { extents: [[40, 3]] }])),
      ]),
    ],
    [
      'media-across-boxes',
      'auxiliary information in the header of moov',
      fileOf((at) => [ftyp(), media, moov({ tracks: track([at(1) + 8], { inStbl: saio([at(2) + 4]) }) })]),
    ],
    [
      'media-across-boxes',
      'a second chunk that runs into moov by the sizes of its own samples',
      fileOf((at) => [
        ftyp(),
        media,
        moov({
          tracks: track([at(1) + 8, at(2) - 119], {
            sampleSizes: stsz(0, 4, 1, 1, 60, 60),
            sampleToChunk: stsc([1, 2]),
          }),
        }),
      ]),
    ],
    [
      'media-across-boxes',
      'a chunk that runs into moov by the first half of a byte',
      fileOf((at) => [ftyp(), media, compact(at(2) - 14, at(2) - 1)]),
    ],
    [
      'media-across-boxes',
      'an item that runs into moov',
      one({ inTrak: meta(iloc([{ extents: [[ftyp().length + 100, 20]] }])) }),
    ],
  ])('%s: %s', async (reason, _, parts) => {
    expect(await refusal(parts)).toBe(reason);
  });

  it('moov-too-large: without reading it', async () => {
    const size = 129 * MEBIBYTE;
    const source = new SparseSource(ftyp().length + media.length + size, [
      { offset: 0, bytes: bytes(ftyp(), media, header('moov', size), mvhd({})) },
    ]);
    expect(await faststart.plan(source)).toMatchObject({ kind: 'impossible', reason: 'moov-too-large' });
    expect(source.bytesRead).toBeLessThan(16_384);
  });
});

describe('a moov of 64 MiB', () => {
  it('is held in memory once', async () => {
    const file = fileOf((at) => [
      ftyp(),
      media,
      moov({
        tracks: track([at(1) + 8]),
        more: Buffer.alloc(64 * MEBIBYTE, box('free', zeros(MEBIBYTE - 8))),
      }),
    ]);
    const plan = await faststart.plan(new MemorySource(file));
    if (plan.kind !== 'repaired') throw new Error(plan.kind);
    const held = plan.map.segments.filter((segment) => segment instanceof Uint8Array);
    expect(new Set(held.map(({ buffer }) => buffer)).size).toBe(1);
    expect(plan.map.weight).toBeLessThan(66 * MEBIBYTE);
  });
});

it('says so when content credentials no longer match', async () => {
  const c2pa = box('uuid', Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex'), zeros(40));
  const file = fileOf((at) => [ftyp(), c2pa, media, movie(at(2) + 8)]);
  const { outcomes, applied } = await planRepairs(SparseSource.of(file), [faststart]);
  expect(applied).toEqual(['faststart.1']);
  expect(outcomes).toEqual([
    {
      repair: 'faststart',
      state: 'applied',
      changes: [expect.stringContaining('byte 16'), expect.stringContaining('C2PA')],
    },
  ]);
});

it('stops when it is aborted', async () => {
  const file = fileOf((at) => [ftyp(), media, movie(at(1) + 8)]);
  await expect(faststart.plan(SparseSource.of(file), AbortSignal.abort(new Error('gone')))).rejects.toThrow(
    'gone',
  );
});
