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
  u64,
  zeros,
} from '../../../test/support/isobmff/box-builder.js';
import {
  co64,
  dref,
  ftyp,
  hdlr,
  mdat,
  moof,
  moov,
  mvex,
  mvhd,
  sidx,
  stco,
  stsz,
  trak,
  visualEntry,
} from '../../../test/support/isobmff/movie-builder.js';
import { SparseSource } from '../../../test/support/isobmff/sparse-source.js';
import { BoundedReader } from './bounded-reader.js';
import { inspectIsoBmff } from './inspect.js';

const MEBIBYTE = 2 ** 20;
const media = mdat(zeros(100));
const movie = moov();
const free = (length = 16) => box('free', zeros(length));
const uuid = (...content: Part[]) => box('uuid', zeros(16), ...content);

async function inspect(source: SparseSource) {
  const report = await inspectIsoBmff(new BoundedReader(source));
  return { ...report, codes: report.problems.map(({ code }) => code) };
}
const inspectBytes = (...parts: Part[]) => inspect(SparseSource.of(bytes(...parts)));

/** The cases of a table: what the file is made of, and the codes expected beside `moov-after-mdat`. */
type Case = readonly [name: string, file: readonly Part[], codes?: readonly string[]];

describe('faststart is false', () => {
  const iloc = (version: number) => fullBox('iloc', version, 0, u16(0x4400), u16(0));
  const cases: Case[] = [
    ['moov last', [ftyp(), media, movie]],
    ['64-bit mdat header', [ftyp(), largeBox('mdat', zeros(100)), movie]],
    ['64-bit moov header', [ftyp(), media, largeBox('moov', mvhd({}), trak())]],
    ['64-bit trak header', [ftyp(), media, moov({ tracks: largeBox('trak', trak().subarray(8)) })]],
    ['no ftyp', [media, movie]],
    ['wide before mdat', [ftyp('qt  '), box('wide'), media, movie]],
    ['skip before mdat', [ftyp(), box('skip', zeros(9)), media, movie]],
    ['uuid before mdat', [ftyp(), uuid('x'), media, movie]],
    ['pdin before mdat', [ftyp(), box('pdin', zeros(12)), media, movie]],
    ['an unknown box before mdat', [ftyp(), box('zzzz', zeros(12)), media, movie]],
    ['moov then free', [ftyp(), media, movie, free()]],
    ['moov then uuid', [ftyp(), media, movie, uuid('<x:xmpmeta/>')]],
    ['moov then sefd', [ftyp(), media, movie, box('sefd', zeros(50))]],
    ['moov then an unknown box', [ftyp(), media, movie, box('abcd', zeros(50))]],
    ['mdat moov mdat', [ftyp(), media, movie, media]],
    ['three mdats with boxes between', [ftyp(), media, free(), media, uuid(), media, movie]],
    ['moov between, last mdat size 0', [ftyp(), media, movie, header('mdat', 0), zeros(64)]],
    ['an empty mdat, moov, mdat', [ftyp(), mdat(), movie, media]],
    ['free before ftyp', [free(), ftyp(), media, movie]],
    ['a ftyp of 2 MiB', [box('ftyp', 'isom', zeros(2 * MEBIBYTE)), media, movie]],
    ['moov size 0 as last box', [ftyp(), media, header('moov', 0), movie.subarray(8)]],
    ['5 bytes behind', [ftyp(), media, movie, 'abcde'], ['trailing-data']],
    ['1 KiB of zeros behind', [ftyp(), media, movie, zeros(1024)], ['trailing-data']],
    ['ID3v1 behind', [ftyp(), media, movie, 'TAG', 'A title'.padEnd(125, '\0')], ['trailing-data']],
    ['iloc v0 in file', [ftyp(), media, movie, fullBox('meta', 0, 0, hdlr('pict'), iloc(0))]],
    ['iloc v1 in moov', [ftyp(), media, moov({ more: fullBox('meta', 0, 0, hdlr('pict'), iloc(1)) })]],
    [
      'iloc in udta',
      [ftyp(), media, moov({ more: box('udta', fullBox('meta', 0, 0, hdlr('mdir'), iloc(1))) })],
    ],
    [
      'iloc in trak',
      [ftyp(), media, moov({ tracks: trak({ inTrak: fullBox('meta', 0, 0, hdlr('pict'), iloc(0)) }) })],
    ],
    ['saio v0', [ftyp(), media, moov({ tracks: trak({ inStbl: fullBox('saio', 0, 0, u32(1, 40)) }) })]],
    ['saio v1', [ftyp(), media, moov({ tracks: trak({ inStbl: fullBox('saio', 1, 0, u32(1), u64(40)) }) })]],
    [
      'CENC with senc in moov',
      [
        ftyp(),
        media,
        moov({ tracks: trak({ entry: visualEntry('encv', [320, 180], sinf()), inStbl: senc() }) }),
      ],
      ['encrypted'],
    ],
    [
      'external data reference',
      [ftyp(), media, moov({ tracks: trak({ dref: dref(0) }) })],
      ['external-media'],
    ],
    ['chunks inside free', [ftyp(), free(100), media, moov({ tracks: trak({ chunkOffsets: stco(36) }) })]],
    [
      'chunks in uuid behind moov',
      [ftyp(), media, moov({ tracks: trak({ chunkOffsets: stco(900) }) }), uuid(zeros(999))],
    ],
    ['first chunk offset 0', [ftyp(), media, moov({ tracks: trak({ chunkOffsets: stco(0, 40) }) })]],
    [
      'last chunk beyond the end',
      [ftyp(), media, moov({ tracks: trak({ chunkOffsets: stco(40, 0xffff_fff0) }) })],
      ['chunk-offset-out-of-file'],
    ],
    [
      'a co64 chunk beyond the end',
      [ftyp(), media, moov({ tracks: trak({ chunkOffsets: co64(40, 2 ** 33) }) })],
      ['chunk-offset-out-of-file'],
    ],
    ['"stco" inside a text', [ftyp(), media, moov({ more: box('udta', box('\xa9nam', u16(4, 0), 'stco')) })]],
    ['udta ending in zeros', [ftyp(), media, moov({ more: box('udta', box('\xa9nam', 'text'), u32(0)) })]],
    [
      'meta as QuickTime has it',
      [ftyp('qt  '), media, moov({ more: box('meta', hdlr('mdta'), box('keys')) })],
    ],
    ['two moovs at the end', [ftyp(), media, movie, movie], ['multiple-moov']],
    [
      'stco of 4294967295',
      [ftyp(), media, moov({ tracks: trak({ chunkOffsets: fullBox('stco', 0, 0, u32(0xffff_ffff)) }) })],
      ['malformed'],
    ],
    [
      'co64 of 4294967295',
      [
        ftyp(),
        media,
        moov({ tracks: trak({ chunkOffsets: fullBox('co64', 0, 0, u32(0xffff_ffff), u64(40)) }) }),
      ],
      ['malformed'],
    ],
    [
      'stco size past its parent',
      [ftyp(), media, moov({ tracks: trak({ chunkOffsets: bytes(header('stco', 5000), zeros(8)) }) })],
      ['malformed'],
    ],
    ['trak size 7', [ftyp(), media, box('moov', mvhd({}), header('trak', 7))], ['malformed', 'no-tracks']],
    [
      'trak largesize 8',
      [ftyp(), media, box('moov', mvhd({}), largeHeader('trak', 8))],
      ['malformed', 'no-tracks'],
    ],
    ['moov size 8', [ftyp(), media, box('moov')], ['malformed', 'no-tracks']],
    [
      'stsz lying about 4294967295 samples',
      [ftyp(), media, moov({ tracks: trak({ sampleSizes: stsz(0, 0xffff_ffff) }) })],
      ['malformed'],
    ],
    [
      'stsz of 4294967295 samples of one size',
      [ftyp(), media, moov({ tracks: trak({ sampleSizes: stsz(7, 0xffff_ffff) }) })],
    ],
    [
      'minf with size 0',
      [
        ftyp(),
        media,
        moov({ tracks: box('trak', trak().subarray(8, 100), box('mdia', header('minf', 0), zeros(40))) }),
      ],
      ['malformed', 'malformed', 'no-tracks'],
    ],
    [
      'cmov',
      [
        ftyp('qt  '),
        media,
        box('moov', box('cmov', box('dcom', 'zlib'), box('cmvd', u32(MEBIBYTE), zeros(200)))),
      ],
      ['compressed-moov'],
    ],
    [
      'a cmov that inflates to 64 MiB',
      [
        ftyp('qt  '),
        media,
        box('moov', box('cmov', box('dcom', 'zlib'), box('cmvd', u32(64 * MEBIBYTE), zeros(65_000)))),
      ],
      ['compressed-moov'],
    ],
    ['20,000 nested boxes', [ftyp(), media, moov({ more: nested(20_000) })], ['malformed', 'malformed']],
    ['20,000 nested user data boxes', [ftyp(), media, moov({ more: nested(20_000, 'udta') })], ['malformed']],
    [
      '1,000,000 free boxes in moov',
      [ftyp(), media, moov({ more: Buffer.alloc(8_000_000, box('free')) })],
      ['too-many-boxes'],
    ],
  ];
  it.each(cases)('%s', async (_, file, codes = []) => {
    const source = SparseSource.of(bytes(...file));
    const report = await inspect(source);
    expect(report).toMatchObject({ faststart: false, faststartReason: null });
    expect(report.codes).toEqual(['moov-after-mdat', ...codes].sort(placedFirst(report.codes)));
    expect(report.bytesBeforeMoov).toBe(report.moov?.offset);
    expect(source.bytesRead).toBeLessThan(160 * 1024);
    expect(source.reads).toBeLessThan(24);
  });
});

/** Sorts codes as another list has them, so that a table need not know the order of the layout's and moov's. */
function placedFirst(order: readonly string[]) {
  return (a: string, b: string) => order.indexOf(a) - order.indexOf(b);
}

function sinf(): Buffer {
  const schm = fullBox('schm', 0, 0, 'cenc', u32(0x1_0000));
  return box('sinf', box('frma', 'avc1'), schm);
}

function senc(): Buffer {
  return fullBox('senc', 0, 0, u32(10), zeros(80));
}

/** Boxes within boxes; the innermost is empty. */
function nested(depth: number, type = 'trak'): Buffer {
  return bytes(...Array.from({ length: depth }, (_, index) => header(type, (depth - index) * 8)));
}

describe('faststart is true', () => {
  const fragmented = moov({ tracks: trak(), more: mvex([[1, 100]]) });
  const cases: Case[] = [
    ['moov first', [ftyp(), movie, media]],
    ['free between moov and mdat', [ftyp(), movie, free(), media]],
    ['free behind', [ftyp(), movie, media, free()]],
    ['last mdat size 0', [ftyp(), movie, header('mdat', 0), zeros(100)]],
    ['moov mdat moov', [ftyp(), movie, media, movie], ['multiple-moov']],
    ['mdat cut off', [ftyp(), movie, header('mdat', 5000), zeros(100)], ['truncated']],
    ['moof and mdat', [ftyp(), fragmented, moof({ start: 0 }), media], ['fragmented']],
    ['global sidx', [ftyp(), fragmented, sidx(1000, [[200, 1000]]), moof({}), media], ['fragmented']],
    [
      'absolute tfhd',
      [ftyp(), fragmented, box('moof', box('traf', fullBox('tfhd', 0, 1, u32(1), u64(900)))), media],
      ['fragmented'],
    ],
    ['samples in moov first', [ftyp(), fragmented, media, moof({ start: 1000 }), media], ['fragmented']],
    [
      'mfra behind',
      [ftyp(), fragmented, moof({}), media, box('mfra', fullBox('mfro', 0, 0, u32(24)))],
      ['fragmented'],
    ],
    ['ismv', [ftyp('isml', 'piff'), uuid(zeros(40)), fragmented, moof({}), media], ['fragmented']],
    ['more than 1 MiB in front', [ftyp(), free(3 * MEBIBYTE), movie, media], ['large-gap-before-moov']],
  ];
  it.each(cases)('%s', async (_, file, codes = []) => {
    const report = await inspectBytes(...file);
    expect(report).toMatchObject({ faststart: true, faststartReason: null });
    expect(report.codes).toEqual(codes);
  });
});

describe('faststart has no answer', () => {
  const cases: [name: string, file: readonly Part[], reason: string, codes: readonly string[]][] = [
    ['mdat size 0 in front of moov', [ftyp(), header('mdat', 0), zeros(9), movie], 'no-moov', ['no-moov']],
    [
      'mdat size past the end',
      [ftyp(), header('mdat', 99_999), movie],
      'truncated',
      ['truncated', 'no-moov'],
    ],
    [
      'mdat size 2^63',
      [ftyp(), largeHeader('mdat', 2n ** 63n), movie],
      'malformed',
      ['malformed', 'no-moov'],
    ],
    [
      'mdat size 2^64-1',
      [ftyp(), largeHeader('mdat', 2n ** 64n - 1n), movie],
      'malformed',
      ['malformed', 'no-moov'],
    ],
    [
      'mdat size 2^53-1',
      [ftyp(), largeHeader('mdat', 2n ** 53n - 1n), movie],
      'truncated',
      ['truncated', 'no-moov'],
    ],
    ['mdat size 4', [ftyp(), header('mdat', 4), movie], 'malformed', ['malformed', 'no-moov']],
    ['mdat largesize 8', [ftyp(), largeHeader('mdat', 8), movie], 'malformed', ['malformed', 'no-moov']],
    ['cut off in a header', [ftyp(), media.subarray(0, 6)], 'truncated', ['truncated', 'no-moov']],
    ['cut off in mdat', [ftyp(), media.subarray(0, 60)], 'truncated', ['truncated', 'no-moov']],
    ['only ftyp', [ftyp()], 'no-moov', ['no-moov']],
    ['cut off inside moov', [ftyp(), media, movie.subarray(0, -20)], 'truncated', ['truncated']],
    ['cut off inside leading moov', [ftyp(), movie.subarray(0, 200)], 'truncated', ['truncated']],
    ['moov without mdat', [ftyp(), movie], 'no-mdat', ['no-mdat']],
    [
      'an initialization segment',
      [ftyp(), moov({ more: mvex([[1, 1]]) })],
      'no-mdat',
      ['no-mdat', 'fragmented'],
    ],
    [
      'a media segment',
      [box('styp', 'msdh', u32(0)), moof({}), media],
      'media-segment',
      ['no-moov', 'fragmented'],
    ],
    ['a picture', [ftyp('heic'), fullBox('meta', 0, 0, hdlr('pict')), media], 'still-image', []],
    ['plausible unknown boxes', [ftyp(), box('abcd', zeros(40)), box('efgh')], 'no-moov', ['no-moov']],
    [
      '1,000,000 free boxes',
      [ftyp(), Buffer.alloc(8_000_000, box('free')), media, movie],
      'too-many-boxes',
      ['too-many-boxes', 'no-moov'],
    ],
  ];
  it.each(cases)('%s', async (_, file, reason, codes) => {
    const source = SparseSource.of(bytes(...file));
    const report = await inspect(source);
    expect(report).toMatchObject({ faststart: null, faststartReason: reason });
    expect(report.codes).toEqual(codes);
    expect(source.bytesRead).toBeLessThan(160 * 1024);
    expect(source.reads).toBeLessThan(16);
  });
});
