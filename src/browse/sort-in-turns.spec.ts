import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sortInTurns } from './sort-in-turns.js';

describe('sortInTurns', () => {
  it('sorts as Array.sort does, and keeps what is equal in its order', async () => {
    const value = fc.record({ rank: fc.nat(20), id: fc.nat() });
    const byRank = (a: { rank: number }, b: { rank: number }) => a.rank - b.rank;
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 2000, size: 'max' }), async (values) => {
        const before = [...values];
        expect(await sortInTurns(values, byRank)).toEqual([...values].sort(byRank));
        expect(values).toEqual(before);
      }),
      { numRuns: 30 },
    );
  });

  it('compares no more than a few thousand pairs before others get their turn', async () => {
    let [inThisTurn, most] = [0, 0];
    let isDone = false;
    const everyTurn = () => {
      inThisTurn = 0;
      if (!isDone) setImmediate(everyTurn);
    };
    everyTurn();
    const values = Array.from({ length: 50_000 }, (_, index) => (index * 7919) % 50_000);
    const sorted = await sortInTurns(values, (a, b) => {
      most = Math.max(most, ++inThisTurn);
      return a - b;
    });
    isDone = true;
    expect(sorted).toEqual(values.map((_, index) => index));
    expect(most).toBeLessThanOrEqual(4096);
  });
});
