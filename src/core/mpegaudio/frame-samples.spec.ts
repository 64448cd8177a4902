import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { frame, frames } from '../../../test/support/audio/frame-builder.js';
import { SparseSource } from '../../../test/support/isobmff/sparse-source.js';
import { parseFrameHeader } from './frame-header.js';
import { sampleFrames } from './frame-samples.js';

const PLACES = 24;
function look(bytes: Buffer, source = SparseSource.of(bytes)) {
  const extent = {
    first: parseFrameHeader(bytes, 0)!,
    tags: 0,
    start: 0,
    end: bytes.length,
    size: bytes.length,
  };
  return sampleFrames(source, extent, PLACES);
}

/** Frames as an encoder of constant bit rate makes them: a slot of padding where the fractions have come to one. */
function constantRate(count: number, bitRate: number, kbits: number): Buffer {
  let due = 0;
  const list: Buffer[] = [];
  for (let index = 0, sent = 0; index < count; index += 1) {
    due += (144_000 * kbits) / 44_100;
    const plain = frame({ sampleRate: 0, bitRate });
    const padding = sent + plain.length + 1 <= due ? 1 : 0;
    list.push(padding ? frame({ sampleRate: 0, bitRate, padding }) : plain);
    sent += plain.length + padding;
  }
  return Buffer.concat(list);
}

describe('a look into some places', () => {
  it('believes a constant bit rate, with padding and without', async () => {
    for (const bytes of [constantRate(4000, 9, 128), frames(4000, { bitRate: 11 })]) {
      const source = SparseSource.of(bytes);
      expect(await look(bytes, source)).toMatchObject({ isConstant: true, varies: false, empty: 0 });
      expect(source.bytesRead).toBeLessThan(PLACES * 4400);
      expect(source.reads).toBe(PLACES);
    }
  });

  it('says how long frames are on average', async () => {
    expect((await look(constantRate(4000, 9, 128))).meanLength).toBeCloseTo(417.96, 0);
  });

  it('sees that bit rates vary', async () => {
    expect(await look(frames(4000, {}, { bitRate: 10 }))).toMatchObject({ isConstant: false, varies: true });
  });

  it('sees the end', async () => {
    const bytes = Buffer.concat([frames(4000, {}), frames(4, { bitRate: 5 })]);
    expect(await look(bytes)).toMatchObject({ isConstant: false, varies: true });
  });

  it('sees a piece of another bit rate as long as two of the gaps, wherever it is', () =>
    fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), async (place) => {
        const piece = frames(800, { bitRate: 5 }); // whole frames of the others, so that all stay in step
        const others = 3000;
        const before = Math.floor(place * others);
        const bytes = Buffer.concat([frames(before, {}), piece, frames(others - before, {})]);
        expect(piece.length).toBeGreaterThan((2 / PLACES) * bytes.length);
        expect((await look(bytes)).isConstant).toBe(false);
      }),
      { numRuns: 60 },
    ));

  it('sees by the step what lies between the places', async () => {
    // Three frames that no place falls on.
    const bytes = Buffer.concat([frames(60, {}), frames(3, { bitRate: 10 }), frames(4000, {})]);
    expect(await look(bytes)).toMatchObject({ isConstant: false, varies: false });
  });

  it('says where there are no frames', async () => {
    const bytes = Buffer.concat([frames(1000, {}), Buffer.alloc(400_000, 'x')]);
    const { empty, isConstant } = await look(bytes);
    expect(empty).toBeGreaterThan(8);
    expect(isConstant).toBe(false);
  });

  it('never reads outside the file, whatever is in it', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 9000 }), (noise) =>
        look(Buffer.concat([frame(), noise])).then(() => undefined),
      ),
    ));
});
