import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { BlockPool } from './block-pool.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const take = (pool: BlockPool, count: number) => Array.from({ length: count }, () => pool.acquire());

it('lends what came back, and no more than it may', () => {
  const pool = new BlockPool(8, 3);
  const blocks = take(pool, 4);
  expect(blocks.map((block) => block?.length)).toEqual([8, 8, 8, undefined]);
  const needed = pool.require();
  expect(needed).toHaveLength(8);
  pool.release(needed);
  expect(pool.acquire()).toBeUndefined();
  blocks.forEach((block) => block && pool.release(block));
  const again = take(pool, 3);
  expect(new Set([...again, ...blocks, needed]).size).toBe(5); // undefined is one
});

it('keeps what is needed and lets go what is not', () => {
  const pool = new BlockPool(8, 100);
  take(pool, 10).forEach((block) => pool.release(block!));
  for (let second = 0; second < 5; second++) {
    take(pool, 4).forEach((block) => pool.release(block!));
    jest.advanceTimersByTime(1000);
  }
  expect(pool.idle).toBe(4);
  jest.advanceTimersByTime(2000);
  expect(pool.idle).toBe(0);
  expect(jest.getTimerCount()).toBe(0);
});
