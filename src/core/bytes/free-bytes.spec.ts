import { describe, expect, it } from '@jest/globals';
import { freeBytes } from './free-bytes.js';

describe('freeBytes', () => {
  it('gives back memory that is all theirs', () => {
    const bytes = new Uint8Array(100);
    freeBytes(bytes);
    expect([bytes.length, bytes.buffer.byteLength]).toEqual([0, 0]);
  });

  it('leaves memory alone that others share', () => {
    const all = new Uint8Array([1, 2, 3]);
    freeBytes(all.subarray(1));
    freeBytes(Buffer.from('a small one lies in a pool'));
    expect(all).toEqual(new Uint8Array([1, 2, 3]));
    const shared = new Uint8Array(new SharedArrayBuffer(2));
    freeBytes(shared);
    expect(shared.length).toBe(2);
  });
});
