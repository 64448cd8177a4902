import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { frame, frames, id3v1, id3v2 } from '../../../test/support/audio/frame-builder.js';
import { MemorySource } from '../bytes/index.js';
import { parseFrameHeader } from './frame-header.js';
import { scanFrames } from './frame-scan.js';

const FIRST = frame();
function scan(bytes: Buffer, signal?: AbortSignal) {
  const first = parseFrameHeader(FIRST, 0)!;
  const extent = { first, tags: 0, start: 0, end: bytes.length, size: bytes.length };
  return scanFrames(new MemorySource(bytes), extent, signal);
}

describe('a walk over all frames', () => {
  it('counts them, however they lie across the blocks that are read', async () => {
    const bytes = frames(5000, { bitRate: 9 }, { bitRate: 14 }, { bitRate: 1 });
    expect(await scan(bytes)).toMatchObject({
      frames: 5000,
      frameBytes: bytes.length,
      end: bytes.length,
      varies: true,
      garbage: 0,
      resyncs: 0,
      mixed: false,
      otherChannels: 0,
    });
  });

  it('sees when one frame of thousands has another bit rate', async () => {
    expect(await scan(frames(4000, {}))).toMatchObject({ varies: false });
    const odd = Buffer.concat([frames(3000, {}), frame({ bitRate: 10 }), frames(999, {})]);
    expect(await scan(odd)).toMatchObject({ frames: 4000, varies: true });
  });

  it('does not count a frame that the file ends in, nor call it garbage', async () => {
    const bytes = frames(10, {});
    expect(await scan(bytes.subarray(0, -1))).toMatchObject({ frames: 9, garbage: 0, end: 9 * 384 });
    expect(await scan(bytes.subarray(0, 9 * 384 + 2))).toMatchObject({ frames: 9, garbage: 0 });
  });

  it('passes tags in the middle', async () => {
    const part = frames(10, {});
    const bytes = Buffer.concat([part, id3v1(), id3v2(300_000), part]);
    expect(await scan(bytes)).toMatchObject({ frames: 20, tagBytes: 300_128, garbage: 0, resyncs: 0 });
  });

  it('counts frames with another number of channels', async () => {
    const bytes = Buffer.concat([frames(10, { mode: 1 }), frames(3, { mode: 3 })]);
    expect(await scan(bytes)).toMatchObject({ frames: 13, otherChannels: 3 });
  });

  it('ends where frames of another kind begin', async () => {
    for (const other of [{ sampleRate: 0 }, { version: 2 }, { layer: 2 }] as const) {
      const bytes = Buffer.concat([frames(10, {}), frames(9, other)]);
      expect(await scan(bytes)).toMatchObject({ frames: 10, mixed: true });
    }
  });

  it('finds the frames again behind any garbage', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            count: fc.integer({ min: 2, max: 6 }),
            // Without a sync byte: what looks like a frame may be taken for one.
            garbage: fc.uint8Array({ maxLength: 600, max: 0xfe }).filter(isNoTag),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        async (parts) => {
          const bytes = Buffer.concat(parts.flatMap(({ count, garbage }) => [frames(count, {}), garbage]));
          const between = parts.reduce((sum, { garbage }) => sum + garbage.length, 0);
          const result = await scan(bytes);
          expect(result.frames).toBe(parts.reduce((sum, { count }) => sum + count, 0));
          // Less than four bytes at the end may be a header that was cut off.
          expect(between - result.garbage).toBeGreaterThanOrEqual(0);
          expect(between - result.garbage).toBeLessThan(4);
        },
      ),
    ));

  it('finds them again where a block ends between two', async () => {
    const garbage = Buffer.alloc(256 * 1024 - 600 * 384 - 100, 'x');
    const bytes = Buffer.concat([frames(600, {}), garbage, frames(10, {})]);
    expect(await scan(bytes)).toMatchObject({ frames: 610, garbage: garbage.length, resyncs: 1 });
  });

  it('believes no header that stands alone among garbage', async () => {
    const noise = Buffer.alloc(700, 'x');
    const [same, other] = [frame(), frame({ sampleRate: 0 })].map((bytes) => bytes.subarray(0, 4));
    const bytes = Buffer.concat([frames(9, {}), noise, same!, noise, other!, noise, frames(9, {})]);
    expect(await scan(bytes)).toMatchObject({ frames: 18, garbage: 2108, mixed: false });
  });

  it('is bounded and counts every byte at most once, whatever the bytes are', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 90 }).map((bytes) => Buffer.from(bytes)),
            fc.constantFrom(
              frame(),
              frame({ bitRate: 1 }),
              frame({ sampleRate: 0 }),
              Buffer.alloc(50, 0xff),
              Buffer.from('ID3\x04\0\0\x7f\x7f\x7f\x7f', 'latin1'),
              Buffer.from('fffb90fffb90fffb', 'hex'),
            ),
          ),
          { maxLength: 40 },
        ),
        async (parts) => {
          const bytes = Buffer.concat(parts);
          const { garbage, frameBytes, frames: count } = await scan(bytes);
          expect(garbage + frameBytes).toBeLessThanOrEqual(bytes.length);
          expect(count).toBeLessThanOrEqual(bytes.length / 24);
        },
      ),
      { numRuns: 500 },
    ));

  it('is quick through bytes that look like frames everywhere', async () => {
    for (const bytes of [Buffer.alloc(4_000_000, 0xff), Buffer.alloc(4_000_000, 'fffb90', 'hex')]) {
      const { frames: count } = await scan(Buffer.concat([frames(4, {}), bytes]));
      expect(count).toBeLessThan(20);
    }
  }, 10_000);

  it('stops when it is told to, also where the source answers at once', async () => {
    const control = new AbortController();
    const bytes = frames(50_000, {});
    setImmediate(() => control.abort(new Error('enough')));
    await expect(scan(bytes, control.signal)).rejects.toThrow('enough');
  });

  it('fails as its source does', async () => {
    const extent = { first: parseFrameHeader(FIRST, 0)!, tags: 0, start: 0, end: 9e9, size: 9e9 };
    const readInto = () => Promise.reject(new Error('the disk is gone'));
    await expect(scanFrames({ readInto }, extent)).rejects.toThrow('the disk is gone');
  });

  it('knows where each percent of them begins', async () => {
    const bytes = frames(20_000, { bitRate: 9 }, { bitRate: 1 });
    const { positions } = await scan(bytes);
    for (let percent = 0; percent < 100; percent += 1)
      expect(Math.abs(positions.offsetOf(percent * 200)! / bytes.length - percent / 100)).toBeLessThan(0.001);
    expect(positions.offsetOf(0)).toBe(0);
    expect((await scan(Buffer.alloc(0))).positions.offsetOf(0)).toBeUndefined();
  });
});

function isNoTag(bytes: Uint8Array): boolean {
  return !/^(?:ID3|TAG|APE)/.test(Buffer.from(bytes).toString('latin1'));
}
