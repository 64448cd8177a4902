import { describe, expect, it } from '@jest/globals';
import { numberedName } from './numbered-name.js';

describe('numbered names', () => {
  it.each([
    ['film.mp4', 0, 'file', 'film.mp4'],
    ['film.mp4', 1, 'file', 'film (1).mp4'],
    ['film.mp4', 12, 'file', 'film (12).mp4'],
    ['a.tar.gz', 1, 'file', 'a.tar (1).gz'],
    ['README', 1, 'file', 'README (1)'],
    ['.profile', 1, 'file', '.profile (1)'],
    ['film (1).mp4', 1, 'file', 'film (1) (1).mp4'],
    ['S1.E2', 1, 'folder', 'S1.E2 (1)'],
  ] as const)('%s, %i, %s: %s', (name, number, kind, expected) => {
    expect(numberedName(name, number, kind)).toBe(expected);
  });

  it('stay short enough, and cut no character in two', () => {
    const name = numberedName(`${'🎬'.repeat(62)}.mp4`, 1);
    expect(name).toBe(`${'🎬'.repeat(61)} (1).mp4`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
  });
});
