import { describe, expect, it } from '@jest/globals';
import { box, bytes, type Part, zeros } from '../../../test/support/isobmff/box-builder.js';
import {
  AVC_ENTRY,
  co64,
  dref,
  fileOf,
  ftyp,
  mdat,
  moov,
  noise,
  stco,
  stsc,
  stsz,
  trak,
  type TrackOptions,
  visualEntry,
} from '../../../test/support/isobmff/movie-builder.js';
import { MemorySource } from '../bytes/index.js';
import { compareMedia, type ComparisonOptions } from './compare-media.js';

const CHUNKS = 40;
const SIZE = 10;
const content = noise(CHUNKS * SIZE);
/** Offsets of chunks of ten samples of a byte, from `start` on. */
const offsets = (start: number) => Array.from({ length: CHUNKS }, (_, index) => start + index * SIZE);
const track = (start: number, options: TrackOptions = {}) =>
  trak({ sampleSizes: stsz(1, CHUNKS * SIZE), chunkOffsets: stco(...offsets(start)), ...options });

const last = (media: Uint8Array, options: (start: number) => TrackOptions = () => ({})) =>
  fileOf((at) => [ftyp(), mdat(media), moov({ tracks: track(at(1) + 8, options(at(1) + 8)) })]);
const first = (media: Uint8Array, options: (start: number) => TrackOptions = () => ({})) =>
  fileOf((at) => [ftyp(), moov({ tracks: track(at(2) + 8, options(at(2) + 8)) }), mdat(media)]);
const compare = (before: Part, after: Part, options?: ComparisonOptions) =>
  compareMedia(new MemorySource(bytes(before)), new MemorySource(bytes(after)), options);
/** The media with one byte of a chunk changed. */
const changed = (chunk: number) => {
  const copy = Buffer.from(content);
  copy[chunk * SIZE + 3]! ^= 1;
  return copy;
};

describe('media is the same', () => {
  it.each<[string, Buffer]>([
    ['with moov in front', first(content)],
    ['with 64-bit offsets', first(content, (start) => ({ chunkOffsets: co64(...offsets(start)) }))],
    ['with samples described otherwise', first(content, () => ({ entry: visualEntry('avc3', [320, 180]) }))],
  ])('%s', async (_, after) => {
    for (const chunks of ['some', 'all'] as const)
      expect(await compare(last(content), after, { chunks })).toBeUndefined();
  });

  it('where chunks are cut off alike', async () => {
    const cut = (file: Buffer, length: number) => file.subarray(0, -length);
    const far = () => ({ chunkOffsets: stco(...offsets(1e6)) });
    expect(await compare(last(content, far), first(content, far), { chunks: 'all' })).toBeUndefined();
    expect(await compare(first(content), cut(first(content), 9))).toBe('Chunk 40 of track 1 differs.');
  });
});

describe('what differs is said', () => {
  it.each([
    [0, 'Chunk 1 of track 1 differs.'],
    [CHUNKS - 1, 'Chunk 40 of track 1 differs.'],
    [13, 'Chunk 14 of track 1 differs.'],
  ])('chunk %i', async (chunk, sentence) => {
    expect(await compare(last(content), first(changed(chunk)), { chunks: 'all' })).toBe(sentence);
  });

  it('the first and last chunk and some between even where not all are compared', async () => {
    const noticed = [];
    for (let chunk = 0; chunk < CHUNKS; chunk += 1)
      if (await compare(last(content), first(changed(chunk)))) noticed.push(chunk);
    expect(noticed).toHaveLength(16);
    expect([noticed[0], noticed.at(-1)]).toEqual([0, CHUNKS - 1]);
  });

  it('in a long chunk its ends, and all of it where all is compared', async () => {
    const media = noise(300_000);
    const one = (): TrackOptions => ({
      sampleSizes: stsz(30_000, 10),
      sampleToChunk: stsc([1, 10]),
    });
    const long = (bytes: Uint8Array) => first(bytes, (start) => ({ ...one(), chunkOffsets: stco(start) }));
    for (const [at, chunks, differs] of [
      [0, 'some', true],
      [65_535, 'some', true],
      [150_000, 'some', false],
      [150_000, 'all', true],
      [299_999, 'some', true],
    ] as const) {
      const copy = Buffer.from(media);
      copy[at]! ^= 1;
      expect(await compare(long(media), long(copy), { chunks })).toBe(
        differs ? 'Chunk 1 of track 1 differs.' : undefined,
      );
    }
  });

  it.each<[string, Part, string]>([
    ['no moov', [ftyp(), mdat(content)], 'The file after: there is no complete moov box.'],
    ['moov cut off', last(content).subarray(0, -9), 'The file after: there is no complete moov box.'],
    [
      'moov malformed',
      [ftyp(), box('moov', zeros(3), 'junk and more')],
      'The file after: the moov box is malformed.',
    ],
    ['no track', [ftyp(), moov({ tracks: [] })], 'There are 0 tracks instead of 1.'],
    ['another id', first(content, () => ({ id: 2 })), 'What is track 1 is another track.'],
    ['another handler', first(content, () => ({ handler: 'soun', entry: AVC_ENTRY })), 'What is track 1 is another track.'], // prettier-ignore
    [
      'other sizes',
      first(content, () => ({ sampleSizes: stsz(2, 400) })),
      'The stsz boxes of track 1 differ.',
    ],
    [
      'a table more',
      first(content, () => ({ inStbl: box('sdtp', zeros(9)) })),
      'The sdtp boxes of track 1 differ.',
    ],
    [
      'fewer chunks',
      first(content, (start) => ({ chunkOffsets: stco(start) })),
      'Chunk 2 of track 1 differs.',
    ],
    ['no chunks', first(content, () => ({ chunkOffsets: [] })), 'Chunk 1 of track 1 differs.'],
    ['media elsewhere', first(content, () => ({ dref: dref(0) })), 'Chunk 1 of track 1 differs.'],
    ['a lying table', first(content, () => ({ chunkOffsets: box('stco', Buffer.alloc(8, 0xff)) })), 'A sample table claims more entries than its box holds.'], // prettier-ignore
  ])('%s', async (_, after, sentence) => {
    expect(await compare(last(content), after)).toBe(sentence);
  });

  it('where a chunk of another file was moved', async () => {
    const elsewhere = (start: number) => () => ({ dref: dref(0), chunkOffsets: stco(...offsets(start)) });
    expect(await compare(last(content, elsewhere(40)), first(content, elsewhere(40)))).toBeUndefined();
    expect(await compare(last(content, elsewhere(40)), first(content, elsewhere(41)))).toBe(
      'Chunk 1 of track 1 differs.',
    );
  });
});
