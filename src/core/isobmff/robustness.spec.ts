import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { box, bytes } from '../../../test/support/isobmff/box-builder.js';
import { ftyp, mdat, moof, moov, mvex, sidx, trak } from '../../../test/support/isobmff/movie-builder.js';
import { SparseSource } from '../../../test/support/isobmff/sparse-source.js';
import { BoundedReader } from './bounded-reader.js';
import { inspectIsoBmff } from './inspect.js';

const tracks = [
  trak({ edits: [[500, 0]] }),
  trak({ id: 2, handler: 'soun' }),
  trak({ id: 3, handler: 'text' }),
];
const WHOLE = bytes(ftyp('isom', 'mp41'), mdat(new Uint8Array(64)), moov({ tracks }), box('free'));
const FRAGMENTED = bytes(
  ftyp('iso5'),
  moov({ tracks, more: mvex([[1, 40], [2, 20]]) }), // prettier-ignore
  sidx(1000, [[300, 400]]),
  moof({ start: 0, durations: [1, 2, 3], offsets: [0, 1, 2] }),
  mdat(new Uint8Array(20)),
);

/** Whatever the bytes, a report comes back, is JSON, and costs little; the source fails on a read out of bounds. */
async function holds(file: Uint8Array): Promise<void> {
  const source = SparseSource.of(file);
  const report = await inspectIsoBmff(new BoundedReader(source));
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(report.faststart === null).toBe(report.faststartReason !== null);
  expect(report.duration ?? 0).toBeGreaterThanOrEqual(0);
  for (const { code, message } of report.problems)
    expect(`${code} ${message}`).not.toMatch(/NaN|undefined|Infinity/);
  expect(source.bytesRead).toBeLessThan(file.length * 8 + 65_536);
  expect(source.reads).toBeLessThan(64);
}

/** Overwrites bytes at places of the file, by preference with values that sizes and counts break on. */
const mutations = (file: Uint8Array) =>
  fc
    .array(
      fc.tuple(
        fc.nat(file.length - 1),
        fc.oneof(
          fc.uint8Array({ minLength: 1, maxLength: 8 }),
          fc.constantFrom(...['00000000', 'ffffffff', '7fffffff', '00000001', '00000007', '80000000'].map((text) => Buffer.from(text, 'hex'))), // prettier-ignore
        ),
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((changes) => {
      const changed = Buffer.from(file);
      for (const [at, value] of changes) changed.set(value.subarray(0, file.length - at), at);
      return changed;
    });

describe('no content makes an inspection throw, read out of bounds or cost more than its budget', () => {
  it('not random bytes', () =>
    fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), holds), { numRuns: 300 }));

  it.each([
    ['plain', WHOLE],
    ['fragmented', FRAGMENTED],
  ])('not a %s movie with bytes changed', (_, file) =>
    fc.assert(fc.asyncProperty(mutations(file), holds), { numRuns: 1000 }),
  );

  it.each([
    ['plain', WHOLE],
    ['fragmented', FRAGMENTED],
  ])('not a %s movie cut off anywhere', async (_, file) => {
    for (let length = 0; length < file.length; length += 1) await holds(file.subarray(0, length));
  });
});
