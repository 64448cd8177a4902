import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CountingSource } from '../../../test/support/audio/counting-source.js';
import { chunk, wave, type WaveSpec } from '../../../test/support/audio/wave-builder.js';
import { SparseSource } from '../../../test/support/isobmff/sparse-source.js';
import { MemorySource, type ByteSource } from '../bytes/index.js';
import { wavSizes } from './wav-sizes.js';

const ROOT = path.join(import.meta.dirname, '../../..');
const UNKNOWN = 0xffff_ffff;
const plan = (bytes: Uint8Array) => wavSizes.plan(new MemorySource(bytes));

async function repaired(bytes: Uint8Array): Promise<Buffer> {
  const found = await plan(bytes);
  if (found.kind !== 'repaired') throw new Error(JSON.stringify(found));
  return Buffer.from(await found.map.read(0, found.map.size));
}

describe('a WAVE file that was never finished', () => {
  it.each<[string, WaveSpec]>([
    ['both sizes 0', { riffSize: 0, dataSize: 0 }],
    ['both sizes unknown, as written into a pipe', { riffSize: UNKNOWN, dataSize: UNKNOWN }],
    ['the sizes of its header alone', { riffSize: 36, dataSize: 0 }],
    ['sizes that reach behind the end, as of a file cut off', { riffSize: 90_036, dataSize: 90_000 }],
    ['the size of its sound right, that of the whole 0', { riffSize: 0 }],
    ['the size of its sound unknown, that of the whole right', { dataSize: UNKNOWN }],
  ])('gets the sizes it has: %s', async (_, spec) => {
    expect(await repaired(wave(spec))).toEqual(wave());
  });

  it('and the number of its samples', async () => {
    const spec = { format: [3, 2, 32], sound: Buffer.alloc(8000, 1) } as const;
    const fixed = await repaired(wave({ ...spec, fact: UNKNOWN, riffSize: 0, dataSize: 0 }));
    expect(fixed).toEqual(wave({ ...spec, fact: 1000 }));
  });

  it('but not where samples have no fixed length', async () => {
    const spec = { format: [2, 1, 4], fact: 5 } as const;
    expect(await repaired(wave({ ...spec, riffSize: 0, dataSize: 0 }))).toEqual(wave(spec));
  });

  it('loses a last block that is not whole, and is padded to an even length', async () => {
    const sound = Buffer.alloc(1003, 3);
    expect(await repaired(wave({ sound: sound, dataSize: 0, riffSize: 0 }).subarray(0, -1))).toEqual(
      wave({ sound: sound.subarray(0, 1002) }),
    );
    const mono8 = { format: [1, 1, 8], sound } as const;
    const cut = wave({ ...mono8, dataSize: UNKNOWN, riffSize: UNKNOWN }).subarray(0, -1);
    expect(await repaired(cut)).toEqual(wave(mono8));
  });

  it('keeps chunks in front of its sound', async () => {
    const list = Buffer.concat([
      chunk('LIST', Buffer.from('INFOISFT\x05\0\0\0Lavf\0\0', 'latin1')),
      Buffer.alloc(0),
    ]);
    const insert = (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 36), list, bytes.subarray(36)]);
    const whole = insert(wave());
    whole.writeUInt32LE(whole.length - 8, 4);
    expect(await repaired(insert(wave({ riffSize: UNKNOWN, dataSize: UNKNOWN })))).toEqual(whole);
  });

  it('needs nothing when it is repaired', async () => {
    const fixed = await repaired(wave({ riffSize: 0, dataSize: 0 }));
    expect(await plan(fixed)).toEqual({ kind: 'not-needed' });
  });
});

describe('not needed', () => {
  const list = chunk('LIST', Buffer.from('INFO'));
  it.each<[string, Buffer]>([
    ['a right file', wave()],
    ['chunks behind the sound', wave({ behind: list })],
    ['no sound, but chunks behind it', wave({ sound: Buffer.alloc(0), behind: list })],
    ['no sound at all', wave({ sound: Buffer.alloc(0) })],
    [
      'a last byte of padding that is missing',
      wave({ format: [1, 1, 8], sound: Buffer.alloc(9) }).subarray(0, -1),
    ],
    ['bytes behind the whole', Buffer.concat([wave(), Buffer.alloc(500)])],
    ['RF64', wave({ form: 'RF64', riffSize: UNKNOWN, dataSize: UNKNOWN, ds64: [16_072n, 16_000n, 8000n] })],
    ['a sample', readFileSync(path.join(ROOT, 'samples/audio/pcm.wav'))],
    ['a real file', readFileSync(path.join(ROOT, 'test/fixtures/media/sample.wav'))],
    [
      'a format that is missing',
      Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE'), chunk('data', Buffer.alloc(9), 0)]),
    ],
    ['no WAVE', Buffer.from('RIFF\0\0\0\0AVI LIST')],
    ['nothing', Buffer.alloc(0)],
  ])('%s', async (_, bytes) => {
    expect(await plan(bytes)).toEqual({ kind: 'not-needed' });
  });

  it('is told after one read', async () => {
    for (const bytes of [Buffer.alloc(99_999, 'x'), wave()]) {
      const source = new CountingSource(bytes);
      await wavSizes.plan(source);
      expect(source.reads).toBe(1);
      expect(source.bytesRead).toBeLessThanOrEqual(4096);
    }
  });
});

describe('impossible', () => {
  it('above 4 GiB', async () => {
    const bytes = wave({ riffSize: UNKNOWN, dataSize: UNKNOWN });
    const source = new SparseSource(5 * 2 ** 30, [{ offset: 0, bytes }]) as unknown as ByteSource;
    expect(await wavSizes.plan(source)).toMatchObject({ kind: 'impossible', reason: 'too-large' });
    const below = new SparseSource(2 ** 32, [{ offset: 0, bytes }]) as unknown as ByteSource;
    expect(await wavSizes.plan(below)).toMatchObject({ kind: 'repaired' });
  });

  it('with sizes of 64 bits', async () => {
    const bytes = wave({ form: 'RF64', riffSize: UNKNOWN, dataSize: UNKNOWN, ds64: [0n, 0n, 0n] });
    expect(await plan(bytes)).toMatchObject({ kind: 'impossible', reason: '64-bit-sizes' });
  });
});

describe('whatever the bytes are', () => {
  it('there is an answer, and what was repaired needs no repair', () =>
    fc.assert(
      fc.asyncProperty(
        fc.record({
          riffSize: fc.constantFrom(0, 36, 100, UNKNOWN),
          dataSize: fc.constantFrom(0, 7, 50, UNKNOWN),
          fact: fc.option(fc.nat(), { nil: undefined }),
          sound: fc.uint8Array({ maxLength: 60 }),
          behind: fc.uint8Array({ maxLength: 30 }),
          format: fc.constantFrom([1, 1, 16], [1, 1, 8], [1, 3, 24], [2, 2, 4], [9, 0, 0]),
        }),
        fc.nat(200),
        fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 3 }),
        async ({ fact, format, ...rest }, cut, damage) => {
          const spec = { ...rest, format: format as [number, number, number] };
          const bytes = wave(fact === undefined ? spec : { ...spec, fact });
          for (const [at, value] of damage) if (at < bytes.length) bytes[at] = value;
          const source = new CountingSource(bytes.subarray(0, cut));
          const found = await wavSizes.plan(source);
          expect(source.reads).toBeLessThan(120);
          if (found.kind === 'repaired')
            expect(await wavSizes.plan(found.map)).toEqual({ kind: 'not-needed' });
        },
      ),
      { numRuns: 1000 },
    ));
});
