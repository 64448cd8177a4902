import { describe, expect, it } from '@jest/globals';
import {
  box,
  bytes,
  largeBox,
  largeHeader,
  type Part,
  u32,
} from '../../../test/support/isobmff/box-builder.js';
import {
  AVC_ENTRY,
  co64,
  dref,
  fileOf,
  ftyp,
  iloc,
  meta,
  moov,
  noise,
  saio,
  stsc,
  stsd,
  stsz,
  trak,
  type TrackOptions,
  visualEntry,
} from '../../../test/support/isobmff/movie-builder.js';
import { readChunks } from '../../../test/support/isobmff/movie-file.js';
import { relocationFaults } from '../../../test/support/isobmff/relocation-check.js';
import { SparseSource } from '../../../test/support/isobmff/sparse-source.js';
import { media, more, movie, repaired, track } from '../../../test/support/isobmff/slow-movie.js';
import { faststart } from './faststart.js';

describe('chunks in other files stay', () => {
  it('where a whole track does', async () => {
    const file = fileOf((at) => [
      ftyp(),
      media,
      moov({ tracks: [track([at(1) + 8]), track([at(1) + 9, 0xffff_ffff], { id: 2, dref: dref(0) })] }),
    ]);
    const after = await repaired(file);
    expect(relocationFaults(file, after)).toEqual([]);
    expect(readChunks(after)[1]!.map(({ offset }) => offset)).toEqual([ftyp().length + 9, 0xffff_ffff]);
  });

  it('where some sample descriptions do', async () => {
    const entry = Buffer.from(AVC_ENTRY);
    entry.writeUInt16BE(2, 14);
    const file = fileOf((at) => [
      ftyp(),
      media,
      moov({
        tracks: track([at(1) + 8, at(1) + 9, at(1) + 10, at(1) + 50], {
          descriptions: stsd(AVC_ENTRY, entry),
          sampleToChunk: stsc([1, 10, 1], [2, 10, 2], [4, 10, 1]),
          dref: dref(1, 0),
          inStbl: saio([at(1) + 8, at(1) + 9, at(1) + 10, at(1) + 50]),
        }),
      }),
    ]);
    const after = await repaired(file);
    const chunks = readChunks(after)[0]!;
    expect(chunks.map(({ external }) => external)).toEqual([false, true, true, false]);
    const moved = after.length - file.length + (chunks[0]!.offset - ftyp().length - 8);
    expect(chunks.map(({ offset }) => offset - ftyp().length)).toEqual([8 + moved, 9, 10, 50 + moved]);
    const saioAt = after.indexOf('saio', 0, 'latin1') + 12;
    expect([0, 4, 8, 12].map((at) => after.readUInt32BE(saioAt + at))).toEqual(
      chunks.map(({ offset }) => offset),
    );
  });
});

describe('auxiliary information and items are found again', () => {
  const senc = box('senc', noise(40, 7));
  it.each<[string, Parameters<typeof saio>[1]]>([
    ['version 0', {}],
    ['version 1', { version: 1 }],
    ['with a type', { type: 'cenc' }],
    ['version 1 with a type', { version: 1, type: 'cenc' }],
  ])('saio %s, into mdat', async (_, options) => {
    const file = fileOf((at) => [
      ftyp(),
      media,
      moov({ tracks: track([at(1) + 8], { inStbl: saio([at(1) + 30, at(3) + 8], options) }) }),
      more,
    ]);
    expect(relocationFaults(file, await repaired(file))).toEqual([]);
  });

  it('saio into moov', async () => {
    const entry = visualEntry('encv', [320, 180]);
    const file = fileOf((at) => {
      const tracks = track([at(1) + 8], { entry, inStbl: [saio([0]), senc] });
      const place = at(2) + moov({ tracks }).indexOf(senc) + 8;
      return [ftyp(), media, moov({ tracks: track([at(1) + 8], { entry, inStbl: [saio([place]), senc] }) })];
    });
    const after = await repaired(file);
    expect(relocationFaults(file, after)).toEqual([]);
    expect(after.readUInt32BE(after.indexOf('saio', 0, 'latin1') + 12)).toBe(after.indexOf(senc) + 8);
  });

  it('saio in a track fragment is none of ours', async () => {
    const file = bytes(ftyp(), media, movie(40), box('moof', box('traf', saio([9]))));
    expect(await faststart.plan(SparseSource.of(file))).toMatchObject({ reason: 'fragmented' });
  });

  const where: [string, (locations: Buffer, at: (part: number) => number) => readonly Part[]][] = [
    ['beside moov, in front', (locations, at) => [ftyp(), media, movie(at(1) + 8), more, meta(locations)]],
    [
      'in moov',
      (locations, at) => [ftyp(), media, moov({ tracks: track([at(1) + 8]), more: meta(locations) }), more],
    ],
    [
      'in trak',
      (locations, at) => [
        ftyp(),
        media,
        moov({ tracks: track([at(1) + 8], { inTrak: meta(locations) }) }),
        more,
      ],
    ],
    [
      'in udta',
      (locations, at) => [
        ftyp(),
        media,
        moov({ tracks: track([at(1) + 8]), more: box('udta', meta(locations)) }),
        more,
      ],
    ],
  ];
  const forms: Parameters<typeof iloc>[1][] = [
    {},
    { version: 1, baseWidth: 4, indexWidth: 4 },
    { version: 2, baseWidth: 8, offsetWidth: 8, lengthWidth: 8, indexWidth: 8 },
    { version: 0, baseWidth: 8, offsetWidth: 4, lengthWidth: 8 },
  ];
  describe.each(where)('iloc %s', (_, make) => {
    it.each(forms)('%j', async (form = {}) => {
      const { version = 0, baseWidth = 0 } = form;
      const base = (value: number) => (baseWidth > 0 ? { base: value } : {});
      const offset = (value: number, from: number) => (baseWidth > 0 ? value - from : value);
      const file = fileOf((at) => [
        ...make(
          iloc(
            [
              { extents: [[at(1) + 10, 20]] },
              { ...base(at(1)), extents: [[offset(at(1) + 9, at(1)), 5], [offset(at(1) + 50, at(1)), 9]] }, // prettier-ignore
              { extents: [[at(1) + 10, 20], [at(3) + 10, 30]] }, // prettier-ignore
              { ...base(4), extents: [[offset(at(1) + 10, 4), 20], [offset(at(3) + 10, 4), 30]] }, // prettier-ignore
              { extents: [[0, 0]] },
              { extents: [] },
              { reference: 1, extents: [[33, 3]] },
              ...(version > 0 ? [1, 2].map((method) => ({ method, extents: [[33, 3]] as const })) : []),
            ],
            form,
          ),
          at,
        ),
      ]);
      const after = await repaired(file);
      expect(relocationFaults(file, after)).toEqual([]);
    });
  });

  it('iloc in front of the media, in a file with a moov', async () => {
    const file = fileOf((at) => [
      ftyp('avis'),
      meta(iloc([{ base: at(2) + 9, extents: [[0, 30]] }], { baseWidth: 4, offsetWidth: 0 })),
      media,
      movie(at(2) + 8),
      more,
    ]);
    expect(relocationFaults(file, await repaired(file))).toEqual([]);
  });

  it('an item that is the whole file stays so', async () => {
    const file = fileOf((at) => [
      media,
      moov({ tracks: track([at(0) + 8]), more: meta(iloc([{ extents: [[0, 0]] }])) }),
    ]);
    const after = await repaired(file);
    expect(after.subarray(after.indexOf('iloc') + 4, -media.length)).toEqual(
      file.subarray(file.indexOf('iloc') + 4),
    );
  });

  it('an item in a data reference that is this file', async () => {
    const items = (place: number) => iloc([1, 2].map((reference) => ({ reference, extents: [[place, 5]] })));
    const file = fileOf((at) => [
      ftyp(),
      media,
      moov({ tracks: track([at(1) + 8]), more: meta(items(at(1) + 9), dref(0, 1)) }),
    ]);
    const after = await repaired(file);
    const at = after.indexOf('iloc') + 4;
    expect([at + 14, at + 28].map((field) => after.readUInt32BE(field))).toEqual([
      ftyp().length + 9,
      after.length - media.length + 9,
    ]);
  });

  it('a base of 0 stays 0', async () => {
    const items = (place: number) => meta(iloc([{ extents: [[place, 5]] }], { baseWidth: 4 }));
    const file = fileOf((at) => [
      ftyp(),
      media,
      moov({ tracks: track([at(1) + 8]), more: items(at(1) + 9) }),
    ]);
    const after = await repaired(file);
    const at = after.indexOf('iloc') + 4;
    expect([after.readUInt32BE(at + 12), after.readUInt32BE(at + 18)]).toEqual([
      0,
      after.length - media.length + 9,
    ]);
  });

  it('iloc by its extents where the base is too small to move', async () => {
    const item = (at: number) => ({ base: 0xffff_ffff, extents: [[at, 0] as const] });
    const form = { baseWidth: 4, offsetWidth: 8 };
    const file = fileOf(() => [
      ftyp(),
      media,
      moov({ tracks: track([40]), more: meta(iloc([item(0)], form)) }),
    ]);
    const after = await repaired(file);
    expect(after.length).toBe(file.length);
  });

  it('not where a field cannot hold the new place', async () => {
    const far = 2 ** 32 - 8;
    const items = meta(iloc([{ extents: [[far, 4]] }]));
    const head = bytes(ftyp(), largeHeader('mdat', 2 ** 33));
    const tail = moov({ tracks: track([100]), more: items });
    const source = new SparseSource(ftyp().length + 2 ** 33 + tail.length, [
      { offset: 0, bytes: head },
      { offset: ftyp().length + 2 ** 33, bytes: tail },
    ]);
    expect(await faststart.plan(source)).toMatchObject({ kind: 'impossible', reason: 'offset-overflow' });
  });

  it.each([0, 1])('not where version %i of saio cannot hold the new place', async (version) => {
    const tail = moov({ tracks: track([100], { inStbl: saio([2 ** 32 - 8], { version }) }) });
    const source = new SparseSource(ftyp().length + 2 ** 33 + tail.length, [
      { offset: 0, bytes: bytes(ftyp(), largeHeader('mdat', 2 ** 33)) },
      { offset: ftyp().length + 2 ** 33, bytes: tail },
    ]);
    const plan = await faststart.plan(source);
    expect(plan.kind).toBe(version === 0 ? 'impossible' : 'repaired');
  });
});

describe('offsets beyond 32 bits', () => {
  /** Media of `size` bytes with noise at some places, then moov. */
  async function relocateLarge(size: number, tracks: readonly Part[], pieces: readonly number[]) {
    const start = ftyp().length;
    const tail = moov({ tracks });
    const end = start + size;
    const source = new SparseSource(end + tail.length, [
      { offset: 0, bytes: bytes(ftyp(), largeHeader('mdat', size)) },
      ...pieces.map((offset) => ({ offset, bytes: noise(20, offset) })),
      { offset: end, bytes: tail },
    ]);
    const plan = await faststart.plan(source);
    if (plan.kind !== 'repaired') throw new Error(JSON.stringify(plan));
    const [before, after] = [tail, Buffer.from(await plan.map.read(start, tail.length + 1000))];
    const [chunks, moved] = [readChunks(before), readChunks(after)];
    for (const [index, list] of moved.entries()) {
      for (const [number, { offset, size }] of list.entries()) {
        const { offset: from } = chunks[index]![number]!;
        expect(Buffer.from(await plan.map.read(offset, size))).toEqual(await source.read(from, size));
        expect(Buffer.from(await plan.map.read(offset, size))).toEqual(noise(20, from));
      }
    }
    const growth = plan.map.size - source.size;
    const tables = (after.toString('latin1').match(/stco|co64/g) ?? []).join(' ');
    return { growth, tables, source, after, plan, shift: tail.length };
  }
  const short = (options: TrackOptions, ...offsets: number[]) => track(offsets, options);

  it('5 GiB cost kilobytes', async () => {
    const places = [5 * 2 ** 30 - 4000, 99];
    const { growth, tables, source, plan } = await relocateLarge(
      5 * 2 ** 30,
      [trak({ sampleSizes: stsz(2, 20), chunkOffsets: co64(...places) })],
      [...places].sort((a, b) => a - b),
    );
    expect({ growth, tables }).toEqual({ growth: 0, tables: 'co64' });
    expect(plan.changes).toHaveLength(1);
    expect(source.reads).toBeLessThan(16);
    expect(source.bytesRead).toBeLessThan(16_384);
    expect(plan.map.weight).toBeLessThan(2048);
  });

  const length = moov({ tracks: [short({}, 0, 0), short({ id: 2 }, 0)] }).length;
  it.each([
    ['the last that fits', 2 ** 32 - 1 - length, 300, 0, 'stco stco'],
    ['the first that does not', 2 ** 32 - length, 300, 12, 'co64 co64'],
    [
      'a second that does not because the first grows',
      2 ** 32 - length,
      2 ** 32 - length - 40,
      12,
      'co64 co64',
    ],
  ])('%s', async (_, first, second, growth, tables) => {
    const result = await relocateLarge(
      2 ** 32,
      [short({}, 200, first), short({ id: 2 }, second)],
      [200, second, first].sort((a, b) => a - b),
    );
    expect(result).toMatchObject({ growth, tables });
  });

  it('sizes of all ancestors grow, whatever their headers, and what stands behind the table moves', async () => {
    const senc = box('senc', noise(40, 7));
    const inner = (place: number) =>
      largeBox(
        'trak',
        track([2 ** 32 - 100, 300], {
          chunkOffsets: bytes(largeBox('stco', u32(0, 2, 2 ** 32 - 100, 300), 'left over')),
          inStbl: [senc, saio([place], { version: 1 })],
        }).subarray(8),
      );
    const at = ftyp().length + 2 ** 32 + moov({ tracks: inner(0) }).indexOf(senc) + 8;
    const { growth, tables, after } = await relocateLarge(2 ** 32, [inner(at)], [300, 2 ** 32 - 100]);
    expect({ growth, tables }).toEqual({ growth: 8, tables: 'co64' });
    expect(after.readUInt32BE(0)).toBe(moov({ tracks: inner(0) }).length + 8);
    expect(after.toString('latin1')).toContain('left over');
    const saioAt = after.indexOf('saio', 0, 'latin1') + 12;
    expect(Number(after.readBigUInt64BE(saioAt))).toBe(ftyp().length + after.indexOf(senc) + 8);
  });

  it('offsets that no file can have never wrap around', async () => {
    const beyond = [2n ** 53n - 2n, 2n ** 63n, 2n ** 64n - 2048n, 2n ** 64n - 9n];
    const tail = moov({
      tracks: [short({}, 2 ** 32 - 100), track([], { id: 2, chunkOffsets: co64(...beyond) })],
    });
    const source = new SparseSource(ftyp().length + 2 ** 32 + tail.length, [
      { offset: 0, bytes: bytes(ftyp(), largeHeader('mdat', 2 ** 32)) },
      { offset: ftyp().length + 2 ** 32, bytes: tail },
    ]);
    const plan = await faststart.plan(source);
    if (plan.kind !== 'repaired') throw new Error(JSON.stringify(plan));
    const after = Buffer.from(await plan.map.read(ftyp().length, tail.length + 4));
    const at = after.lastIndexOf('co64', undefined, 'latin1') + 12;
    expect(beyond.map((_, index) => after.readBigUInt64BE(at + index * 8))).toEqual(beyond);
  });

  it('tables of other files do not grow', async () => {
    const tracks = [short({}, 2 ** 32 - 100), short({ id: 2, dref: dref(0) }, 0xffff_ffff)];
    const tail = moov({ tracks });
    const source = new SparseSource(ftyp().length + 2 ** 32 + tail.length, [
      { offset: 0, bytes: bytes(ftyp(), largeHeader('mdat', 2 ** 32)) },
      { offset: ftyp().length + 2 ** 32, bytes: tail },
    ]);
    const plan = await faststart.plan(source);
    expect(plan).toMatchObject({
      kind: 'repaired',
      changes: [expect.anything(), expect.stringContaining('64-bit')],
    });
    if (plan.kind === 'repaired') expect(plan.map.size).toBe(source.size + 4);
  });
});
