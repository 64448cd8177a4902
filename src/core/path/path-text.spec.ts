import { describe, expect, it } from '@jest/globals';
import { keyFromPath } from './path-text.js';

describe('keyFromPath', () => {
  it.each(['', 'a', 'a/b c/夏 🎬.mp4', 'a%2Fb', '...', 'a\\b'])('takes %j as it is', (path) => {
    expect(keyFromPath(path)).toBe(path);
  });

  it.each(['/', '/a', 'a/', '//a', 'a//b', '.', '..', 'a/../b', '../a', 'a/.', 'a\0b', '\ud800', 'a/\udc00'])(
    'refuses %j',
    (path) => {
      expect(() => keyFromPath(path)).toThrow(expect.objectContaining({ name: 'InvalidPathError' }));
    },
  );
});
