import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ByteSource } from './byte-source.js';
import { MemorySource } from './memory-source.js';
import { SegmentStream, SourceLengthError, type Segment } from './segment-stream.js';

const source = new MemorySource(Buffer.from('0123456789'));

/** A source whose stream delivers just these chunks, whatever was asked for. */
const delivering = (...chunks: string[]): ByteSource => ({
  size: 10,
  read: () => Promise.reject(new Error('not used')),
  readInto: () => Promise.reject(new Error('not used')),
  stream: () =>
    Readable.from(
      chunks.map((chunk) => Buffer.from(chunk)),
      { objectMode: false },
    ),
});

describe('SegmentStream', () => {
  it('sends memory and extents one after the other', async () => {
    const segments: Segment[] = [
      Buffer.from('<'),
      { source, offset: 2, length: 3 },
      Buffer.from('|'),
      { source, offset: 0, length: 1 },
    ];
    expect(String(await buffer(new SegmentStream(segments)))).toBe('<234|0');
  });

  it('sends nothing for no segments', async () => {
    expect(await buffer(new SegmentStream([]))).toHaveLength(0);
  });

  it.each([
    ['ends early', delivering('abc')],
    ['ends before it begins', delivering()],
    ['sends too much', delivering('abc', 'defg')],
  ])('fails when the source %s', async (_, liar) => {
    await expect(buffer(new SegmentStream([{ source: liar, offset: 0, length: 5 }]))).rejects.toThrow(
      SourceLengthError,
    );
  });

  it('passes an error of the source on', async () => {
    const failing = {
      ...delivering(),
      stream: () =>
        new Readable({
          read() {
            this.destroy(new Error('EIO'));
          },
        }),
    };
    await expect(buffer(new SegmentStream([{ source: failing, offset: 0, length: 5 }]))).rejects.toThrow(
      'EIO',
    );
  });

  it('stops the source at once when it is destroyed', async () => {
    const inner = new Readable({ read() {} });
    const stream = new SegmentStream([
      { source: { ...delivering(), stream: () => inner }, offset: 0, length: 5 },
    ]);
    stream.resume();
    await new Promise(setImmediate);
    stream.destroy();
    expect(inner.destroyed).toBe(true);
    expect(stream.errored).toBeNull();
  });

  it('does not read ahead of a slow client by more than its buffers', async () => {
    let pulled = 0;
    const endless = {
      ...delivering(),
      stream: () =>
        new Readable({
          read() {
            pulled += 65536;
            this.push(Buffer.alloc(65536));
          },
        }),
    };
    const stream = new SegmentStream([{ source: endless, offset: 0, length: 1e9 }]);
    stream.once('readable', () => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(pulled).toBeLessThan(1_000_000);
    stream.destroy();
  });

  it('ends behind any number of empty segments', async () => {
    const nothing = { source, offset: 0, length: 0 };
    const empty = new Uint8Array();
    for (const segments of [
      [nothing, empty, empty],
      [empty, empty, nothing, nothing],
      [empty, nothing],
    ]) {
      const stream = new SegmentStream([...segments, { source, offset: 3, length: 2 }, ...segments]);
      expect((await buffer(stream)).toString()).toBe('34');
    }
  });

  it('equals the concatenation of its segments', async () => {
    const anySegment = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc
        .tuple(fc.nat(10), fc.nat(10))
        .map(([a, b]) => ({ source, offset: Math.min(a, b), length: Math.abs(a - b) })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anySegment), async (segments) => {
        const parts = await Promise.all(
          segments.map((segment) =>
            segment instanceof Uint8Array
              ? Promise.resolve(segment)
              : source.read(segment.offset, segment.length),
          ),
        );
        expect(await buffer(new SegmentStream(segments))).toEqual(Buffer.concat(parts));
      }),
    );
  });
});
