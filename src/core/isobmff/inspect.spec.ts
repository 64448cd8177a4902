import { describe, expect, it } from '@jest/globals';
import {
  box,
  bytes,
  fullBox,
  header,
  largeHeader,
  type Part,
  u32,
  u64,
  u8,
  zeros,
} from '../../../test/support/isobmff/box-builder.js';
import {
  co64,
  ftyp,
  mdat,
  moof,
  moov,
  mvex,
  trak,
  visualEntry,
} from '../../../test/support/isobmff/movie-builder.js';
import { type Piece, SparseSource } from '../../../test/support/isobmff/sparse-source.js';
import { BoundedReader } from './bounded-reader.js';
import { inspectIsoBmff } from './inspect.js';

const MEBIBYTE = 2 ** 20;
const GIBIBYTE = 2 ** 30;
const media = mdat(zeros(100));
const movie = moov();

async function inspect(source: SparseSource) {
  const report = await inspectIsoBmff(new BoundedReader(source));
  return { ...report, codes: report.problems.map(({ code }) => code) };
}

describe('cost', () => {
  it('is kilobytes for 5 GiB with moov at the end', async () => {
    const tail = moov({
      tracks: [trak({ chunkOffsets: co64(40, 5 * GIBIBYTE) }), trak({ id: 2, handler: 'soun' })],
    });
    const source = sparse([ftyp(), largeHeader('mdat', 5 * GIBIBYTE)], 5 * GIBIBYTE, tail);
    const report = await inspect(source);
    expect(report).toMatchObject({ faststart: false, codes: ['moov-after-mdat'], duration: 1 });
    expect(report.tracks.map(({ codec }) => codec)).toEqual(['avc1.64000d', 'mp4a.40.2']);
    expect(report.moov).toEqual({ offset: 5 * GIBIBYTE + 16, size: tail.length });
    expect(source.bytesRead).toBeLessThan(16 * 1024);
    expect(source.reads).toBeLessThan(8);
  });

  it('does not grow with the tables of a moov of 64 MiB', async () => {
    const table = 64 * MEBIBYTE;
    const head = bytes(header('stsz', table), u32(0, 0, (table - 20) / 4));
    const whole = moov({ tracks: trak({ sampleSizes: header('stsz', table) }) });
    const at = whole.indexOf('stsz') - 4;
    const grown = growSizes(whole, table - 8);
    const start = ftyp().length + media.length;
    const source = new SparseSource(start + grown.length + table - 8, [
      { offset: 0, bytes: bytes(ftyp(), media, grown.subarray(0, at), head) },
      { offset: start + at + table, bytes: grown.subarray(at + 8) },
    ]);
    const report = await inspect(source);
    expect(report.codes).toEqual(['moov-after-mdat']);
    expect(report.tracks[0]).toMatchObject({ sampleCount: (table - 20) / 4, codec: 'avc1.64000d' });
    expect(source.bytesRead).toBeLessThan(64 * 1024);
  });

  it('is bounded for boxes far apart', async () => {
    const far = MEBIBYTE;
    const pieces = Array.from({ length: 12_000 }, (_, index) => ({
      offset: index * far,
      bytes: header(index === 0 ? 'ftyp' : 'free', far),
    }));
    const source = new SparseSource(12_000 * far, pieces);
    expect((await inspect(source)).codes).toContain('too-many-boxes');
    expect(source.reads).toBeLessThanOrEqual(10_002);
    expect(source.bytesRead).toBeLessThan(11 * MEBIBYTE);
  });

  it('is bounded for more tracks than anybody has, and says so', async () => {
    const tracks = Array.from({ length: 900 }, () =>
      trak({ inStbl: fullBox('stts', 0, 0, u32(0)), entry: visualEntry('abcd', [1, 1], zeros(65_000)) }),
    );
    const source = SparseSource.of(bytes(ftyp(), moov({ tracks }), media));
    expect((await inspect(source)).codes).toContain('too-costly');
    expect(source.bytesRead).toBeLessThan(34 * MEBIBYTE);
  });

  it('is bounded for a million fragments, whose duration mfra tells', async () => {
    const head = bytes(ftyp(), moov({ more: mvex([[1, 100]]) }));
    const fragment = bytes(moof({ start: 0 }), mdat(zeros(8)));
    const count = 20_000;
    const last = bytes(moof({ start: 1_999_000 }), mdat(zeros(8)));
    const end = head.length + fragment.length * count;
    const tfra = fullBox('tfra', 1, 0, u32(1, 0, 1), u64(1_999_000), u64(end), u8(1, 1, 1));
    const mfra = box('mfra', tfra, fullBox('mfro', 0, 0, u32(tfra.length + 24)));
    const source = SparseSource.of(bytes(head, Buffer.alloc(fragment.length * count, fragment), last, mfra));
    const report = await inspect(source);
    expect(report).toMatchObject({ faststart: true, duration: 2000, boxesTruncated: true });
    expect(report.boxes).toHaveLength(200);
    expect(source.bytesRead).toBeLessThan(4 * MEBIBYTE);
  });

  it('passes an error of the source on', async () => {
    const broken = { ...SparseSource.of(movie), size: 999, read: () => Promise.reject(new Error('EIO')) };
    const source = broken as unknown as SparseSource;
    await expect(inspect(source)).rejects.toThrow('EIO');
  });
});

/** A file of `head`, zeros up to `size` bytes of mdat, and `tail`. */
function sparse(head: readonly Part[], mediaSize: number, tail: Buffer): SparseSource {
  const start = bytes(...head);
  const tailAt = start.length - 16 + mediaSize;
  const pieces: Piece[] = [
    { offset: 0, bytes: start },
    { offset: tailAt, bytes: tail },
  ];
  return new SparseSource(tailAt + tail.length, pieces);
}

/** Adds bytes to the sizes of moov and of everything down to stbl. */
function growSizes(whole: Buffer, by: number): Buffer {
  const grown = Buffer.from(whole);
  for (const type of ['moov', 'trak', 'mdia', 'minf', 'stbl']) {
    const at = grown.indexOf(type) - 4;
    grown.writeUInt32BE(grown.readUInt32BE(at) + by, at);
  }
  return grown;
}
