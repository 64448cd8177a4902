import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { coalesceRanges, contentRange, parseRange, resolveRanges } from './byte-range.js';

const MAX = Number.MAX_SAFE_INTEGER;

describe('parseRange', () => {
  it.each([
    ['bytes=0-1', [{ first: 0, last: 1 }]],
    ['bytes=5-', [{ first: 5, last: undefined }]],
    ['bytes=-5', [{ suffix: 5 }]],
    ['bytes=-0', [{ suffix: 0 }]],
    ['bytes=007-010', [{ first: 7, last: 10 }]],
    ['Bytes=0-1', [{ first: 0, last: 1 }]], // §14.1: range units are case-insensitive
    ['bytes=0-0,-1', [{ first: 0, last: 0 }, { suffix: 1 }]],
    [
      'bytes=0-0 ,\t2-2',
      [
        { first: 0, last: 0 },
        { first: 2, last: 2 },
      ],
    ], // §5.6.1: OWS around members
    [
      'bytes=0-0,,2-2,',
      [
        { first: 0, last: 0 },
        { first: 2, last: 2 },
      ],
    ], // §5.6.1.2: empty members
    ['bytes=0-9007199254740992', [{ first: 0, last: MAX }]],
    ['bytes=18446744073709551616-', [{ first: MAX, last: undefined }]],
    ['bytes=-18446744073709551617', [{ suffix: MAX }]],
  ])('%s', (value, specs) => {
    expect(parseRange(value)).toEqual(specs);
  });

  it.each([
    '',
    'bytes',
    'bytes=',
    'bytes=,',
    'bytes=-',
    'bytes=--1',
    'bytes=5-2', // §14.1.2: last before first is invalid
    'bytes=18446744073709551617-18446744073709551616',
    'bytes=0-1,5-2',
    'bytes=0-1,x',
    'bytes=a-1',
    'bytes=0x0-0x1',
    'bytes=1.5-2',
    'bytes=+1-2',
    'bytes=-1-2',
    'bytes=0-1-2',
    'bytes=0 - 1',
    'bytes=0 1',
    'bytes =0-1',
    'bytes:0-1',
    'seconds=0-1', // §14.2: an unknown unit is ignored
    'bytes=٠-١',
    'bytes=0-1;q=1',
  ])('ignores %j', (value) => {
    expect(parseRange(value)).toBeUndefined();
  });
});

describe('resolveRanges', () => {
  const resolve = (value: string, size: number) => resolveRanges(parseRange(value)!, size);

  it.each([
    ['bytes=0-', 10, [{ offset: 0, length: 10 }]],
    ['bytes=9-9', 10, [{ offset: 9, length: 1 }]],
    ['bytes=5-99', 10, [{ offset: 5, length: 5 }]], // §14.1.2: a last position past the end is the end
    ['bytes=-3', 10, [{ offset: 7, length: 3 }]],
    ['bytes=-99', 10, [{ offset: 0, length: 10 }]], // §14.1.2: a suffix longer than the file is the file
    ['bytes=10-', 10, []], // §14.1.2: a first position at the end is unsatisfiable
    ['bytes=-0', 10, []],
    ['bytes=0-0', 0, []],
    ['bytes=-5', 0, []],
    ['bytes=20-,2-3', 10, [{ offset: 2, length: 2 }]],
    [
      'bytes=8-9,0-1',
      10,
      [
        { offset: 8, length: 2 },
        { offset: 0, length: 2 },
      ],
    ],
    ['bytes=0-18446744073709551616', MAX, [{ offset: 0, length: MAX }]],
    ['bytes=9007199254740990-', MAX, [{ offset: MAX - 1, length: 1 }]],
  ])('%s of %d bytes', (value, size, ranges) => {
    expect(resolve(value, size)).toEqual(ranges);
  });

  it('never answers a range outside the file, whatever the header', () => {
    const member = fc.oneof(
      fc.tuple(fc.bigInt(0n, 2n ** 70n), fc.bigInt(0n, 2n ** 70n)).map(([a, b]) => `${a}-${b}`),
      fc.tuple(fc.nat(50), fc.nat(50)).map(([a, b]) => `${a}-${b}`),
      fc.nat(50).map((n) => `-${n}`),
      fc.nat(50).map((n) => `${n}-`),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(member), fc.nat(60), (members, size) => {
        for (const { offset, length } of resolveRanges(
          parseRange(`bytes=${members.join(',')}`) ?? [],
          size,
        )) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(length).toBeGreaterThan(0);
          expect(offset + length).toBeLessThanOrEqual(size);
        }
      }),
    );
  });
});

describe('coalesceRanges', () => {
  const range = (offset: number, length: number) => ({ offset, length });

  it.each([
    ['apart', [range(0, 2), range(50, 2)], 10, [range(0, 2), range(50, 2)]],
    ['asked order kept', [range(50, 2), range(0, 2)], 10, [range(50, 2), range(0, 2)]],
    ['overlapping', [range(0, 10), range(5, 10)], 0, [range(0, 15)]],
    ['nested', [range(0, 100), range(5, 10)], 0, [range(0, 100)]],
    ['touching', [range(0, 10), range(10, 10)], 0, [range(0, 20)]],
    ['a gap as small as allowed', [range(0, 10), range(15, 5)], 5, [range(0, 20)]],
    ['a gap one larger', [range(0, 10), range(16, 5)], 5, [range(0, 10), range(16, 5)]],
    [
      'merged at its first member',
      [range(90, 5), range(50, 5), range(0, 5), range(94, 5)],
      0,
      [range(90, 9), range(50, 5), range(0, 5)],
    ],
    ['the same thrice', [range(3, 4), range(3, 4), range(3, 4)], 0, [range(3, 4)]],
  ])('%s', (_, ranges, gap, expected) => {
    expect(coalesceRanges(ranges, gap)).toEqual(expected);
  });

  it('covers every byte asked for, none twice, and nothing but small gaps besides', () => {
    const ranges = fc.array(fc.record({ offset: fc.nat(200), length: fc.integer({ min: 1, max: 40 }) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(ranges, fc.nat(20), (asked, gap) => {
        const covered = (list: readonly { offset: number; length: number }[]) =>
          list.flatMap(({ offset, length }) => Array.from({ length }, (__, index) => offset + index));
        const merged = covered(coalesceRanges(asked, gap));
        expect(new Set(merged).size).toBe(merged.length);
        for (const position of covered(asked)) expect(merged).toContain(position);
      }),
    );
  });
});

it('prints first and last position', () => {
  expect(contentRange({ offset: 5, length: 3 }, 10)).toBe('bytes 5-7/10');
});
