import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chunk, wave } from '../../../test/support/audio/wave-builder.js';
import { SparseSource } from '../../../test/support/isobmff/sparse-source.js';
import { inspectMedia } from './inspect-media.js';

const UNKNOWN = 0xffff_ffff;

async function inspect(bytes: Buffer) {
  const source = SparseSource.of(bytes);
  const report = (await inspectMedia(source))!;
  expect(source.bytesRead).toBeLessThan(10_000);
  return { ...report, codes: report.problems.map(({ code }) => code) };
}

describe('inspection of WAVE', () => {
  it('says how long it is and what is in it', async () => {
    expect(await inspect(wave({ behind: chunk('LIST', Buffer.alloc(700)) }))).toMatchObject({
      container: 'wav',
      duration: 1,
      codes: [],
      tracks: [
        {
          kind: 'audio',
          codecName: 'pcm_s16le',
          channels: 1,
          sampleRate: 8000,
          bitRate: 128_000,
          duration: 1,
        },
      ],
    });
  });

  it.each([
    [1, 8, 'pcm_u8'],
    [1, 24, 'pcm_s24le'],
    [3, 32, 'pcm_f32le'],
    [3, 64, 'pcm_f64le'],
    [6, 8, 'pcm_alaw'],
    [7, 8, 'pcm_mulaw'],
    [0x1234, 8, null],
  ])('of format %d with %d bits', async (tag, bits, codecName) => {
    const report = await inspect(wave({ format: [tag, 2, bits] }));
    expect(report.tracks).toMatchObject([{ codecName, channels: 2 }]);
    expect(report.duration).toBe(16_000 / (8000 * 2 * (bits / 8)));
  });

  it.each([
    ['0', { riffSize: 0, dataSize: 0 }],
    ['unknown', { riffSize: UNKNOWN, dataSize: UNKNOWN }],
    ['more than there is', { riffSize: 99_036, dataSize: 99_000 }],
  ])('whose sizes are %s: the sound there is, and the problem', async (_, spec) => {
    const report = await inspect(wave(spec));
    expect(report).toMatchObject({ duration: 1, codes: ['unfinished-wav'] });
    expect(report.problems[0]!.fix).toContain('/stream');
  });

  it('with sizes of 64 bits', async () => {
    const spec = { form: 'RF64', riffSize: UNKNOWN, dataSize: UNKNOWN } as const;
    expect(await inspect(wave({ ...spec, ds64: [16_072n, 16_000n, 8000n] }))).toMatchObject({
      duration: 1,
      codes: [],
    });
    expect((await inspect(wave({ ...spec, ds64: [0n, 2n ** 63n, 0n] }))).codes).toEqual(['unfinished-wav']);
  });

  it('is bounded, whatever the bytes are', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(60), async (noise, keep) => {
        const bytes = Buffer.concat([wave().subarray(0, Math.max(12, keep)), noise]);
        const source = SparseSource.of(bytes);
        const { duration } = (await inspectMedia(source))!;
        expect(duration === null || Number.isFinite(duration)).toBe(true);
        expect(source.reads).toBeLessThan(10);
      }),
      { numRuns: 500 },
    ));
});
