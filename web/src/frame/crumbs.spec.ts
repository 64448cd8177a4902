import { describe, expect, it } from '@jest/globals';
import { crumbsOf } from './crumbs.ts';

describe('crumbsOf', () => {
  it('has none for the root', () => {
    expect(crumbsOf('', 1000)).toEqual({ behind: [], shown: [] });
  });

  it('gives each folder of a path with the path to it', () => {
    expect(crumbsOf('a/b c/d', 1000).shown).toEqual([
      { name: 'a', path: 'a' },
      { name: 'b c', path: 'a/b c' },
      { name: 'd', path: 'a/b c/d' },
    ]);
  });

  it('puts the first ones behind where there is no room', () => {
    const { behind, shown } = crumbsOf('a/b/c/d', 390);
    expect(behind.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(shown.map(({ name }) => name)).toEqual(['c', 'd']);
  });

  it('shows the last in any case', () => {
    expect(crumbsOf('a/b', 0).shown).toEqual([{ name: 'b', path: 'a/b' }]);
  });
});
