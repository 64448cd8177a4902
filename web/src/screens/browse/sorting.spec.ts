import { describe, expect, it } from '@jest/globals';
import { sortedBy } from './sorting.ts';

describe('sortedBy', () => {
  it('turns the order around where it is sorted so already', () => {
    expect(sortedBy('name', { sort: 'name', order: 'asc' })).toEqual({ sort: 'name', order: 'desc' });
    expect(sortedBy('name', { sort: 'name', order: 'desc' })).toEqual({ sort: 'name', order: 'asc' });
  });

  it.each([
    ['name', 'asc'],
    ['type', 'asc'],
    ['size', 'desc'],
    ['modified', 'desc'],
  ] as const)('begins by %s with %s', (sort, order) => {
    const now = { sort: sort === 'name' ? ('size' as const) : ('name' as const), order: 'asc' as const };
    expect(sortedBy(sort, now)).toEqual({ sort, order });
  });
});
