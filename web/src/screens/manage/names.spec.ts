import { describe, expect, it } from '@jest/globals';
import { nameProblem } from './names.ts';

describe('a name that somebody typed', () => {
  it.each(['a', 'Song (1).mp3', '.hidden', '...', 'é'.repeat(127), 'a\\b', '夏🎬.mp4', '<b>&amp;"\'', '-rf'])(
    '%j will do',
    (name) => expect(nameProblem(name)).toBeUndefined(),
  );

  it.each([
    ['', 'empty'],
    ['  ', 'empty'],
    ['a/b', 'slash'],
    ['/', 'slash'],
    ['.', 'dots'],
    ['..', 'dots'],
    ['a\0b', 'character'],
    ['half \ud83c', 'character'],
    ['x'.repeat(256), 'long'],
    ['夏'.repeat(86), 'long'],
  ])('%j is wrong: %s', (name, problem) => expect(nameProblem(name)).toBe(problem));

  it('may be taken', () => {
    const isTaken = (name: string) => name === 'a';
    expect(nameProblem('a', isTaken)).toBe('taken');
    expect(nameProblem('A', isTaken)).toBeUndefined();
  });
});
