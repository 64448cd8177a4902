import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ByteSource } from './byte-source.js';
import { MemorySource } from './memory-source.js';
import { SegmentMap, type Extent } from './segment-map.js';

const bytes = Buffer.from('0123456789');
const source = new MemorySource(bytes);

const anyExtent = (size: number) =>
  fc
    .tuple(fc.nat(size), fc.nat(size))
    .map(([a, b]): Extent => ({ offset: Math.min(a, b), length: Math.abs(a - b) }));
const anySegments = (size: number) => fc.array(fc.oneof(fc.uint8Array({ maxLength: 12 }), anyExtent(size)));
const concatenation = (whole: Uint8Array, segments: readonly (Uint8Array | Extent)[]) =>
  Buffer.concat(
    segments.map((segment) =>
      segment instanceof Uint8Array
        ? segment
        : whole.subarray(segment.offset, segment.offset + segment.length),
    ),
  );

describe('SegmentMap', () => {
  it('is, in any slice and by any way of reading, the same slice of the concatenation', async () => {
    await fc.assert(
      fc.asyncProperty(anySegments(10), fc.nat(60), fc.nat(60), async (segments, offset, length) => {
        const whole = concatenation(bytes, segments);
        const map = new SegmentMap(source, segments);
        expect(map.size).toBe(whole.length);
        const slice = whole.subarray(offset, offset + length);
        expect(Buffer.from(await map.read(offset, length))).toEqual(slice);
        const target = Buffer.alloc(length);
        expect(await map.readInto(target, offset)).toBe(slice.length);
        expect(target.subarray(0, slice.length)).toEqual(slice);
        expect(await buffer(map.stream(offset, length))).toEqual(slice);
        const targets = [Buffer.alloc(length >> 1), Buffer.alloc(length - (length >> 1))];
        expect(await map.readVector(targets, offset)).toBe(slice.length);
        expect(Buffer.concat(targets).subarray(0, slice.length)).toEqual(slice);
      }),
    );
  });

  it('is the same when a map lies over a map', async () => {
    await fc.assert(
      fc.asyncProperty(anySegments(10), anySegments(1000), async (inner, wishes) => {
        const below = new SegmentMap(source, inner);
        const outer = wishes.map((wish) => {
          if (wish instanceof Uint8Array) return wish;
          const offset = wish.offset % (below.size + 1);
          return { offset, length: Math.min(wish.length, below.size - offset) };
        });
        const whole = concatenation(concatenation(bytes, inner), outer);
        const map = new SegmentMap(below, outer);
        expect(await buffer(map.stream(0, map.size))).toEqual(whole);
        const flat = map.flatten();
        expect(flat.source).toBe(source);
        expect(await buffer(flat.stream(0, flat.size))).toEqual(whole);
      }),
    );
  });

  it('reads the source once where extents continue each other', async () => {
    const reads: [number, number][] = [];
    const counting = Object.assign(new MemorySource(bytes), {
      read: (offset: number, length: number) => {
        reads.push([offset, length]);
        return source.read(offset, length);
      },
    });
    const map = new SegmentMap(counting, [
      { offset: 1, length: 2 },
      { offset: 3, length: 4 },
      new Uint8Array(0),
      { offset: 7, length: 1 },
    ]);
    expect(String(await map.read(0, 99))).toBe('1234567');
    expect(reads).toEqual([[1, 7]]);
  });

  it('ends where a source that has shrunk ends', async () => {
    const shrunk = new MemorySource(bytes.subarray(0, 4));
    Object.defineProperty(shrunk, 'size', { value: 10 });
    const map = new SegmentMap(shrunk, [Buffer.from('<'), { offset: 2, length: 8 }, Buffer.from('>')]);
    expect(await map.readInto(Buffer.alloc(10), 0)).toBe(3);
    await expect(buffer(map.stream(0, 10))).rejects.toThrow('delivered');
  });

  it('reads at once where its source does, and what lies in memory in any case', () => {
    const segments = [Buffer.from('<'), { offset: 2, length: 3 }, Buffer.from('>')];
    const now = (from: ByteSource, offset: number, length: number) => {
      const target = Buffer.alloc(length);
      const bytesRead = new SegmentMap(from, segments).readNow(target, offset);
      return bytesRead === undefined ? undefined : String(target.subarray(0, bytesRead));
    };
    expect(now(source, 0, 9)).toBe('<234>');
    expect(now(source, 3, 1)).toBe('4');
    const waiting: ByteSource = Object.assign(new MemorySource(bytes), { readNow: () => undefined });
    expect(now(waiting, 0, 1)).toBe('<');
    expect(now(waiting, 4, 1)).toBe('>');
    expect(now(waiting, 0, 2)).toBeUndefined();
    const shrunk = new MemorySource(bytes.subarray(0, 4));
    Object.defineProperty(shrunk, 'size', { value: 10 });
    expect(now(shrunk, 0, 5)).toBe('<23');
  });

  it('refuses an extent beyond its source', () => {
    expect(() => new SegmentMap(source, [{ offset: 5, length: 6 }])).toThrow(RangeError);
    expect(() => new SegmentMap(source, [{ offset: -1, length: 2 }])).toThrow(RangeError);
  });

  it('weighs what it holds in memory', () => {
    const map = new SegmentMap(source, [new Uint8Array(1000), { offset: 0, length: 10 }]);
    expect(map.weight).toBeGreaterThanOrEqual(1000);
    expect(map.weight).toBeLessThan(1300);
  });

  it('is the same file over another opening of the same bytes', async () => {
    const map = new SegmentMap(source, [Buffer.from('<'), { offset: 2, length: 3 }]);
    expect(String(await map.over(new MemorySource(Buffer.from('abcdefghij'))).read(0, 9))).toBe('<cde');
  });
});
