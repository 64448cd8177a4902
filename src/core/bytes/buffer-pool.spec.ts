import { expect, it } from '@jest/globals';
import { BufferPool } from './buffer-pool.js';

it('lends what came back, and keeps no more than it may', () => {
  const pool = new BufferPool(8, 2);
  const buffers = [pool.acquire(), pool.acquire(), pool.acquire()];
  expect(new Set(buffers).size).toBe(3);
  buffers.forEach((buffer) => pool.release(buffer));
  const again = [pool.acquire(), pool.acquire(), pool.acquire()];
  expect(again.filter((buffer) => buffers.includes(buffer))).toHaveLength(2);
});
