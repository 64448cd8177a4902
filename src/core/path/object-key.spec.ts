import { describe, expect, it } from '@jest/globals';
import {
  baseName,
  encodeKey,
  InvalidPathError,
  isHidden,
  objectKey,
  parentKey,
  ROOT_KEY,
} from './object-key.js';

describe('object keys', () => {
  it.each([
    [[], ''],
    [['film.mp4'], 'film.mp4'],
    [['a', 'b c', 'd#?%+"\'.mp4'], 'a/b c/d#?%+"\'.mp4'],
    [['...'], '...'],
    [['a\\b'], 'a\\b'],
  ])('joins %j', (segments, key) => {
    expect(objectKey(segments)).toBe(key);
  });

  it.each([[['..']], [['a', '..', 'b']], [['.']], [['a', '', 'b']], [['a/b']], [['../x']], [['a\0']]])(
    'refuses %j',
    (segments) => {
      expect(() => objectKey(segments)).toThrow(InvalidPathError);
    },
  );

  it('keeps NFC and NFD apart', () => {
    expect(objectKey(['é'.normalize('NFC')])).not.toBe(objectKey(['é'.normalize('NFD')]));
  });

  it('knows names, hidden ones, and URLs', () => {
    expect(baseName(objectKey(['a', 'b.mp4']))).toBe('b.mp4');
    expect(parentKey(objectKey(['a', 'b', 'c.mp4']))).toBe('a/b');
    expect([objectKey(['a']), ROOT_KEY].map(parentKey)).toEqual([ROOT_KEY, ROOT_KEY]);
    expect(isHidden(objectKey(['a', '.b']))).toBe(true);
    expect(isHidden(objectKey(['.a', 'b']))).toBe(true);
    expect(isHidden(objectKey(['a.b']))).toBe(false);
    expect(encodeKey(objectKey(['a b', 'é?#']))).toBe('a%20b/%C3%A9%3F%23');
  });
});
