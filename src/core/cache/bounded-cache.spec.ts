import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BoundedCache } from './bounded-cache.js';

describe('BoundedCache', () => {
  it('forgets what was used longest ago', () => {
    const cache = new BoundedCache<string>(2);
    cache.set('a', 'A', 1);
    cache.set('b', 'B', 1);
    cache.get('a');
    cache.set('c', 'C', 1);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['A', undefined, 'C']);
  });

  it('never keeps more than its limit, whatever is put in', () => {
    const entry = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(12));
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const cache = new BoundedCache<number>(10);
        for (const [key, weight] of entries) cache.set(key, weight, weight);
        const kept = ['a', 'b', 'c', 'd'].map((key) => cache.get(key) ?? 0);
        expect(cache.weight).toBe(kept.reduce((sum, weight) => sum + weight, 0));
        expect(cache.weight).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('computes once for all who wait, and keeps no failure', async () => {
    const cache = new BoundedCache<number>(10);
    let calls = 0;
    const compute = () => new Promise<number>((resolve) => setTimeout(() => resolve(++calls), 5));
    const weigh = () => 1;
    expect(await Promise.all([cache.share('a', compute, weigh), cache.share('a', compute, weigh)])).toEqual([
      1, 1,
    ]);
    expect(await cache.share('a', compute, weigh)).toBe(1);
    await expect(cache.share('b', () => Promise.reject(new Error('no')), weigh)).rejects.toThrow('no');
    expect(await cache.share('b', compute, weigh)).toBe(2);
  });
});
