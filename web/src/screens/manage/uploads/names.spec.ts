import { describe, expect, it } from '@jest/globals';
import { nameProblem, pastedName, stampOf } from './names.ts';

describe('nameProblem', () => {
  it.each([
    ['a//b', 'empty'],
    ['a/../b', 'dots'],
    ['./b', 'dots'],
    ['a\0b', 'nul'],
    ['a\ud800', 'unicode'],
    ['é'.repeat(128), 'long'],
    ['é'.repeat(127), undefined],
    ['a/<img src=x onerror=alert(1)>.txt', undefined],
    ['🎬 片.mp4', undefined],
    ['...', undefined],
  ])('of %j is %s', (path, problem) => expect(nameProblem(path)).toBe(problem));
});

describe('names of what was pasted', () => {
  it('says when a screenshot was pasted', () => {
    const stem = `Screenshot ${stampOf(new Date(2026, 10, 3, 4, 5, 9))}`;
    expect(pastedName('image.png', stem)).toBe('Screenshot 2026-11-03 04.05.09.png');
  });

  it('keeps names that files have', () => {
    expect(pastedName('images.png', 'x')).toBe('images.png');
    expect(pastedName('my image.png', 'x')).toBe('my image.png');
  });
});
