import { describe, expect, it } from '@jest/globals';
import { isWorthRemembering, keyOf, parsePositions, withPosition, type Position } from './positions.ts';

describe('positions', () => {
  it('are worth it in long files, between 5 and 95 percent', () => {
    expect(isWorthRemembering(100, 1000)).toBe(true);
    expect(isWorthRemembering(40, 1000)).toBe(false);
    expect(isWorthRemembering(960, 1000)).toBe(false);
    expect(isWorthRemembering(100, 200)).toBe(false);
    expect(isWorthRemembering(100, Infinity)).toBe(false);
    expect(isWorthRemembering(100, NaN)).toBe(false);
  });

  it('are of one version of a file', () => {
    expect(keyOf({ path: 'a', etag: '"1"' })).not.toBe(keyOf({ path: 'a', etag: '"2"' }));
  });

  it('replace the one before, and are forgotten where there is nothing to go on from', () => {
    const before: readonly Position[] = [
      ['a', 1, 1],
      ['b', 2, 2],
    ];
    expect(withPosition(before, 'a', 9.7, 3)).toEqual([
      ['b', 2, 2],
      ['a', 9, 3],
    ]);
    expect(withPosition(before, 'a', undefined, 3)).toEqual([['b', 2, 2]]);
  });

  it('are no more than 300, the newest', () => {
    let all: readonly Position[] = [];
    for (let index = 0; index < 310; index++) all = withPosition(all, `f${index}`, index, index);
    expect(all).toHaveLength(300);
    expect(all[0]).toEqual(['f10', 10, 10]);
  });

  it('are read whatever somebody stored', () => {
    expect(parsePositions(null)).toEqual([]);
    expect(parsePositions('{')).toEqual([]);
    expect(parsePositions('{"a":1}')).toEqual([]);
    expect(parsePositions('[["a",1,2],["b"],null,["c","1",2],["d",-1,2],["e",1e999,2]]')).toEqual([
      ['a', 1, 2],
    ]);
  });
});
