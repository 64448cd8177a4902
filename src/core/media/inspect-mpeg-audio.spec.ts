import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EVEN, frames, id3v1, id3v2, xingFrame } from '../../../test/support/audio/frame-builder.js';
import { SparseSource } from '../../../test/support/isobmff/sparse-source.js';
import { inspectMedia } from './inspect-media.js';

const fixture = (name: string) =>
  readFileSync(path.join(import.meta.dirname, '../../../test/fixtures/media', name));

async function inspect(...parts: Uint8Array[]) {
  const source = SparseSource.of(Buffer.concat(parts));
  const report = (await inspectMedia(source))!;
  expect(report.bytesRead).toBe(source.bytesRead);
  expect(source.bytesRead).toBeLessThan(60_000);
  return { ...report, codes: report.problems.map(({ code }) => code) };
}

const VBR = frames(3000, { bitRate: 9 }, { bitRate: 1 }, { bitRate: 14 });
const SECONDS = (3000 * 1152) / 48_000;

describe('inspection of MPEG audio', () => {
  it('of constant bit rate: its length over its rate, tags apart', async () => {
    const report = await inspect(id3v2(50_000), frames(5000, {}), id3v1());
    expect(report).toMatchObject({
      container: 'mp3',
      mediaType: 'audio/mpeg',
      duration: (5000 * 1152) / 48_000,
      codes: [],
      tracks: [
        {
          id: 1,
          kind: 'audio',
          codec: null,
          codecName: 'mp3',
          channels: 2,
          sampleRate: 48_000,
          bitRate: 128_000,
        },
      ],
    });
    expect(report.bitRate).toBe(Math.round((report.size * 8) / 120));
  });

  it('of variable bit rate, by its header', async () => {
    const header = xingFrame({ frames: 3000, bytes: VBR.length + 384, toc: EVEN });
    expect(await inspect(header, VBR)).toMatchObject({ duration: SECONDS, codes: [] });
  });

  it('without what the encoder put in front and behind', async () => {
    expect(await inspect(fixture('bear-vbr-xing-header.mp3'))).toMatchObject({
      duration: (117 * 1152 - 576 - 576) / 48_000,
      codes: [],
    });
  });

  it('of variable bit rate without a header: no duration, and why', async () => {
    const report = await inspect(VBR);
    expect(report).toMatchObject({ duration: null, bitRate: null, codes: ['vbr-without-seek-header'] });
    expect(report.problems[0]).toMatchObject({ severity: 'warning' });
    expect(report.problems[0]!.fix).toContain('/stream');
  });

  it.each([
    ['of a file cut off', { frames: 9000, bytes: 3 * VBR.length, toc: EVEN }],
    ['of several files in one', { frames: 1000, bytes: VBR.length / 3, toc: EVEN }],
    ['with the bytes right and the frames wrong', { frames: 9000, bytes: VBR.length, toc: EVEN }],
  ])('with a wrong header: %s', async (_, spec) => {
    expect(await inspect(xingFrame(spec), VBR)).toMatchObject({
      duration: null,
      codes: ['wrong-seek-header'],
    });
  });

  it('with a wrong header in front of a constant bit rate, which says the duration as well', async () => {
    const header = xingFrame({ kind: 'Info', frames: 9999, bytes: 4_000_000, toc: EVEN });
    expect(await inspect(header, frames(1000, {}))).toMatchObject({
      duration: 24,
      codes: ['wrong-seek-header'],
    });
  });

  it('with damaged parts', async () => {
    const { codes } = await inspect(frames(500, {}), Buffer.alloc(200_000, 'x'), frames(500, {}));
    expect(codes).toEqual(['corrupt-frames']);
    expect((await inspect(id3v2(3000), Buffer.alloc(9000, 'x'))).codes).toEqual(['corrupt-frames']);
  });

  it('of layer II, which has no such header', async () => {
    const report = await inspect(frames(900, { layer: 2, bitRate: 8 }));
    expect(report).toMatchObject({ codes: [], tracks: [{ codecName: 'mp2' }] });
    expect((await inspect(frames(900, { layer: 2 }, { layer: 2, bitRate: 8 }))).codes).toEqual([]);
  });

  it('is bounded and says numbers or null, whatever the bytes are', () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat(3),
        fc.uint8Array({ maxLength: 2000 }),
        fc.nat(9000),
        async (kind, noise, cut) => {
          const start = [
            xingFrame({ frames: 1, bytes: 1 }),
            frames(6, {}, { bitRate: 2 }),
            fixture('bear-vbr-xing-header.mp3').subarray(0, cut),
            Buffer.concat([id3v2(40), frames(4, {})]),
          ][kind]!;
          const report = await inspectMedia(SparseSource.of(Buffer.concat([start, noise])));
          const { duration = null, bitRate = null } = report ?? {};
          for (const value of [duration, bitRate])
            if (value !== null) expect(Number.isFinite(value) && value >= 0).toBe(true);
        },
      ),
      { numRuns: 500 },
    ));
});
