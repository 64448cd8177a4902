import { describe, expect, it } from '@jest/globals';
import {
  formatEntityTag,
  parseEntityTag,
  parseEntityTagList,
  strongEquals,
  weakEquals,
} from './entity-tag.js';

const strong = (opaque: string) => ({ weak: false, opaque });
const weak = (opaque: string) => ({ weak: true, opaque });

describe('entity tags (RFC 9110 §8.8.3)', () => {
  it.each([
    ['"a"', strong('a')],
    ['W/"a"', weak('a')],
    ['""', strong('')],
    ['"a,b"', strong('a,b')],
    ['"\xe9"', strong('\xe9')],
  ])('parses %s and prints it again', (text, tag) => {
    expect(parseEntityTag(text)).toEqual(tag);
    expect(formatEntityTag(tag)).toBe(text);
  });

  it.each(['a', '"a', 'a"', 'w/"a"', 'W/a', '"a" "b"', '"a","b"', '"a b"', '*', ''])('refuses %j', (text) => {
    expect(parseEntityTag(text)).toBeUndefined();
  });

  it.each([
    ['*', '*'],
    [' * ', '*'],
    ['"a"', [strong('a')]],
    ['"a", W/"b" ,"c"', [strong('a'), weak('b'), strong('c')]],
    [',"a",,"b",', [strong('a'), strong('b')]],
    ['"a,b","c"', [strong('a,b'), strong('c')]],
    ['"a" "b"', []],
    ['"a", b, "c"', [strong('a')]],
    ['', []],
    ['a', []],
  ])('lists %j', (text, tags) => {
    expect(parseEntityTagList(text)).toEqual(tags);
  });

  // RFC 9110 §8.8.3.2, the table
  it.each([
    [weak('1'), weak('1'), false, true],
    [weak('1'), weak('2'), false, false],
    [weak('1'), strong('1'), false, true],
    [strong('1'), strong('1'), true, true],
  ])('compares %j with %j', (a, b, strongly, weakly) => {
    expect(strongEquals(a, b)).toBe(strongly);
    expect(weakEquals(a, b)).toBe(weakly);
  });
});
