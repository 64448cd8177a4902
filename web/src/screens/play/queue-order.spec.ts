import { describe, expect, it } from '@jest/globals';
import { nextOf, nextRepeat, orderOf } from './queue-order.ts';

describe('the order of a queue', () => {
  it('is that of the folder', () => {
    expect(orderOf(3, false, 1, 2)).toEqual([0, 1, 2]);
  });

  it('shuffled has each once, what was chosen first, and is the same for the same seed', () => {
    const order = orderOf(50, true, 42, 7);
    expect(order[0]).toBe(7);
    expect(order.toSorted((one, other) => one - other)).toEqual(orderOf(50, false, 0));
    expect(order.slice(1)).not.toEqual(order.slice(1).toSorted((one, other) => one - other));
    expect(orderOf(50, true, 42, 7)).toEqual(order);
    expect(orderOf(50, true, 43, 7)).not.toEqual(order);
  });

  it('of nothing is empty', () => {
    expect(orderOf(0, true, 1)).toEqual([]);
    expect(nextOf([], 0, 1, 'all', true)).toBeUndefined();
  });
});

describe('what follows', () => {
  const order = [2, 0, 1];

  it('is the next of the order, and before it the one before', () => {
    expect(nextOf(order, 2, 1, 'off', false)).toBe(0);
    expect(nextOf(order, 0, -1, 'off', true)).toBe(2);
  });

  it('is nothing at the ends, unless all is repeated', () => {
    expect(nextOf(order, 1, 1, 'off', false)).toBeUndefined();
    expect(nextOf(order, 2, -1, 'off', true)).toBeUndefined();
    expect(nextOf(order, 1, 1, 'all', false)).toBe(2);
    expect(nextOf(order, 2, -1, 'all', true)).toBe(1);
  });

  it('is the same again where one is repeated, unless somebody asks', () => {
    expect(nextOf(order, 0, 1, 'one', false)).toBe(0);
    expect(nextOf(order, 0, 1, 'one', true)).toBe(1);
    expect(nextOf(order, 1, 1, 'one', true)).toBe(2);
  });
});

it('goes from no repeat to all to one', () => {
  expect([nextRepeat('off'), nextRepeat('all'), nextRepeat('one')]).toEqual(['all', 'one', 'off']);
});
