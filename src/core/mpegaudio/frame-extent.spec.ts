import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { frame, frames, id3v1, id3v2 } from '../../../test/support/audio/frame-builder.js';
import { SparseSource } from '../../../test/support/isobmff/sparse-source.js';
import { BoundedReader } from '../isobmff/index.js';
import { locateFrames } from './frame-extent.js';

const locate = (...parts: (Buffer | string)[]) => {
  const bytes = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return locateFrames(new BoundedReader(SparseSource.of(bytes)));
};
const sound = frames(10, {});
const LENGTH = sound.length;

function ape(content: number, hasHeader: boolean): Buffer {
  const mark = (flags: number) => {
    const bytes = Buffer.alloc(32);
    bytes.write('APETAGEX', 'latin1');
    bytes.writeUInt32LE(2000, 8);
    bytes.writeUInt32LE(content + 32, 12);
    bytes.writeUInt32LE(flags >>> 0, 20);
    return bytes;
  };
  const flags = hasHeader ? 0x8000_0000 : 0;
  const footer = mark(flags);
  return Buffer.concat([
    ...(hasHeader ? [mark((flags | 0x2000_0000) >>> 0)] : []),
    Buffer.alloc(content, 'x'),
    footer,
  ]);
}

const lyrics2 = (content: string) => {
  const body = `LYRICSBEGIN${content}`;
  return `${body}${String(body.length).padStart(6, '0')}LYRICS200`;
};

describe('the frames of a file', () => {
  it.each<[string, Buffer[], number]>([
    ['at the start', [], 0],
    ['behind a tag', [id3v2(2000)], 2000],
    ['behind a tag with a footer', [id3v2(300, true)], 300],
    ['behind a tag that is longer than one read', [id3v2(100_000)], 100_000],
    ['behind three tags', [id3v2(200), id3v2(30), id3v2(10)], 240],
    ['behind padding that the tag does not count', [id3v2(200), Buffer.alloc(20_000)], 20_200],
    ['behind zeros', [Buffer.alloc(1000)], 1000],
    ['behind the end of a frame', [id3v2(200), Buffer.alloc(300, 'x')], 500],
  ])('begin %s', async (_, parts, start) => {
    expect(await locate(...parts, sound)).toMatchObject({ start, end: start + LENGTH });
  });

  it.each<[string, (Buffer | string)[]]>([
    ['ID3v1', [id3v1()]],
    ['ID3v1 with its extension', ['TAG+', Buffer.alloc(223), id3v1()]],
    ['APEv2', [ape(500, true)]],
    ['APEv1', [ape(500, false)]],
    ['APEv2 and ID3v1', [ape(50, true), id3v1()]],
    ['Lyrics3v2 and ID3v1', [lyrics2('words'.repeat(99)), id3v1()]],
    ['Lyrics3v1 and ID3v1', ['LYRICSBEGIN', 'words', 'LYRICSEND', id3v1()]],
    ['ID3v2 at the end', [id3v2(200, true), Buffer.alloc(0)]],
  ])('end in front of %s', async (name, tags) => {
    if (name.startsWith('ID3v2')) {
      const footer = Buffer.from((tags[0] as Buffer).subarray(0, 10));
      footer.write('3DI', 'latin1');
      tags = [(tags[0] as Buffer).subarray(0, 190), footer];
    }
    expect(await locate(sound, ...tags)).toMatchObject({ start: 0, end: LENGTH });
  });

  it.each<[string, (Buffer | string)[]]>([
    ['nothing', []],
    ['text', ['some text '.repeat(999)]],
    ['an archive that holds frames', ['PK\x03\x04', sound]],
    ['a tag alone', [id3v2(200)]],
    ['a tag that is longer than the file', [id3v2(1_000_000).subarray(0, 4000)]],
    ['zeros without end', [Buffer.alloc(200_000)]],
    ['frames behind too many zeros', [Buffer.alloc(200_000), sound]],
  ])('are none in %s', async (_, parts) => {
    expect(await locate(...parts)).toBeUndefined();
  });

  it('of free format are told', async () => {
    const free = Buffer.alloc(700);
    free.set(frame().subarray(0, 4));
    free[2] = 0x04;
    const padded = Buffer.concat([free, Buffer.alloc(1)]);
    padded[2] = 0x06;
    expect(await locate(free, padded, free, free, padded)).toBe('free-format');
    expect(await locate(free, Buffer.alloc(9000, 'x'))).toBeUndefined();
  });

  it('are found in bounds whatever the bytes are', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.constantFrom(
              id3v2(40),
              id3v1(),
              ape(9, true),
              Buffer.from(lyrics2('a')),
              frame(),
              frame({}, 0xff),
            ),
            fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
            fc.constantFrom(
              Buffer.from('ID3\x03\0\0\x7f\x7f\x7f\x7f', 'latin1'),
              Buffer.from('999999LYRICS200'),
            ),
          ),
          { maxLength: 12 },
        ),
        async (parts) => {
          const source = SparseSource.of(Buffer.concat(parts));
          const found = await locateFrames(new BoundedReader(source));
          expect(source.reads).toBeLessThan(60);
          if (typeof found !== 'object') return;
          expect(found.start).toBeLessThanOrEqual(found.end);
          expect(found.end).toBeLessThanOrEqual(source.size);
        },
      ),
      { numRuns: 500 },
    ));
});
