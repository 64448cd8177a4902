import { describe, expect, it } from '@jest/globals';
import { canGoInto, transfers } from './destinations.ts';

describe('where entries can go', () => {
  it.each([
    ['a', 'b', 'move', true],
    ['a', '', 'move', false],
    ['a', '', 'copy', true],
    ['a/b', 'a', 'move', false],
    ['a/b', '', 'move', true],
    ['a', 'a', 'move', false],
    ['a', 'a/b', 'copy', false],
    ['a', 'ab', 'move', true],
  ] as const)('%s into %j by %s: %s', (path, folder, op, can) =>
    expect(canGoInto(path, folder, op)).toBe(can),
  );

  it('gives a copy beside the original a name of its own', () => {
    expect(transfers(['x/a.txt', 'b.txt'], 'x', 'copy')).toEqual([
      { op: 'copy', from: 'x/a.txt', to: 'x/a.txt', onConflict: 'rename' },
      { op: 'copy', from: 'b.txt', to: 'x/b.txt', onConflict: 'fail' },
    ]);
  });

  it('leaves what cannot go there', () => {
    expect(transfers(['x', 'x/y', 'z'], 'x', 'move')).toEqual([
      { op: 'move', from: 'z', to: 'x/z', onConflict: 'fail' },
    ]);
  });
});
