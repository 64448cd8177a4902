import { describe, expect, it } from '@jest/globals';
import { TypeAhead } from './type-ahead.ts';

const NAMES = ['apple', 'avocado', 'banana', undefined, 'Ähre', 'fig tree'];
const at = (index: number) => NAMES[index];

function typed(letters: string, { from = 0, pause = 100 } = {}): number | undefined {
  const typeAhead = new TypeAhead();
  let found: number | undefined = from;
  [...letters].forEach((letter, turn) => {
    found = typeAhead.find(letter, 1000 + turn * pause, found ?? from, NAMES.length, at);
  });
  return found;
}

describe('TypeAhead', () => {
  it('finds what begins with a letter, without case and accents', () => {
    expect(typed('B')).toBe(2);
    expect(typed('a', { from: 2 })).toBe(4);
  });

  it('goes round, one letter again and again in turn', () => {
    expect(typed('a')).toBe(1);
    expect(typed('aa')).toBe(4);
    expect(typed('aaa')).toBe(0);
  });

  it('takes letters of one word together', () => {
    expect(typed('av')).toBe(1);
    expect(typed('fig ')).toBe(5);
  });

  it('begins another word after a pause', () => {
    expect(typed('ab', { pause: 1000 })).toBe(2);
  });

  it('finds nothing of what has not been fetched, or is not there', () => {
    expect(typed('x')).toBeUndefined();
  });
});
