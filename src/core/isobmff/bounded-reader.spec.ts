import { describe, expect, it } from '@jest/globals';
import { SparseSource } from '../../../test/support/isobmff/sparse-source.js';
import { BoundedReader, BudgetError } from './bounded-reader.js';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));

describe('BoundedReader', () => {
  it('reads what is there, and less at the end', async () => {
    const reader = new BoundedReader(SparseSource.of(content));
    for (const [offset, length] of [
      [0, 16],
      [5000, 3],
      [299_990, 100],
      [0, 8],
      [200_000, 100_000],
    ] as const) {
      // prettier-ignore
      expect(Buffer.from(await reader.read(offset, length))).toEqual(content.subarray(offset, offset + length));
    }
    expect(await reader.read(300_000, 8)).toHaveLength(0);
    expect(await reader.read(999_999, 8)).toHaveLength(0);
  });

  it('reads ahead the further the longer it goes on', async () => {
    const source = SparseSource.of(content);
    const reader = new BoundedReader(source);
    for (let offset = 0; offset + 8 <= content.length; offset += 8) await reader.read(offset, 8);
    expect(source.reads).toBeLessThan(12);
    expect(reader.reads).toBe(source.reads);
    expect(reader.bytesRead).toBe(source.bytesRead);
  });

  it('reads little after a jump', async () => {
    const source = SparseSource.of(content);
    const reader = new BoundedReader(source);
    await reader.read(0, 16);
    await reader.read(200_000, 16);
    await reader.read(100_000, 16);
    expect(source.bytesRead).toBe(4096 + 1024 + 1024);
  });

  it.each([
    ['reads', { reads: 3, bytes: 1e9 }],
    ['bytes', { reads: 1e9, bytes: 4096 + 2048 }],
  ])('stops at its budget of %s', async (_, budget) => {
    const source = SparseSource.of(content);
    const reader = new BoundedReader(source, budget);
    for (const offset of [0, 200_000, 100_000]) await reader.read(offset, 16);
    await expect(reader.read(150_000, 16)).rejects.toThrow(BudgetError);
    expect(source.reads).toBe(3);
  });
});
