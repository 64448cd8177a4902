import { describe, expect, it } from '@jest/globals';
import { shownName } from './names.ts';

describe('shownName', () => {
  it.each([
    ['plain.txt', 'plain.txt'],
    ['<b>&amp;', '<b>&amp;'],
    ['سلام 夏の歌 😀', 'سلام 夏の歌 😀'],
    ['two\nlines', 'two↵lines'],
    ['a\tb', 'a b'],
    ['bell\u0007', 'bell\ufffd'],
    ['evil\u202egpj.exe', 'evil\ufffdgpj.exe'],
    ['isolated\u2066x\u2069', 'isolated\ufffdx\ufffd'],
  ])('shows %j as %j', (name, shown) => {
    expect(shownName(name)).toBe(shown);
  });
});
