import { describe, expect, it } from '@jest/globals';
import { moveBy, rowsSeen, scrollToRow, tileLayout } from './window.ts';

describe('rowsSeen', () => {
  it('is what is seen with some rows on both sides', () => {
    expect(rowsSeen(4800, 480, 48, 100_000)).toEqual({ first: 95, last: 115 });
  });

  it('ends with the rows there are', () => {
    expect(rowsSeen(0, 480, 48, 3)).toEqual({ first: 0, last: 2 });
    expect(rowsSeen(48 * 99_995, 480, 48, 100_000).last).toBe(99_999);
  });

  it('keeps within the rows there are when there are fewer than before', () => {
    expect(rowsSeen(48_000, 480, 48, 5)).toEqual({ first: 4, last: 4 });
  });

  it('is nothing of nothing', () => {
    const { first, last } = rowsSeen(0, 480, 48, 0);
    expect(last).toBeLessThan(first);
  });
});

describe('scrollToRow', () => {
  it.each([
    ['seen', 5, 100, 100],
    ['above', 1, 100, 48],
    ['below', 20, 100, 528],
  ])('scrolls as little as it can to a row %s', (_, row, from, to) => {
    expect(scrollToRow(row, from, 480, 48)).toBe(to);
  });
});

describe('tileLayout', () => {
  it('has two columns on the narrowest phone, and more where there is room', () => {
    expect(tileLayout(296).columns).toBe(2);
    expect(tileLayout(1256).columns).toBe(7);
  });

  it('has rows of whole pixels, so that the last is where it is said to be', () => {
    expect(Number.isInteger(tileLayout(1001).rowHeight)).toBe(true);
  });
});

describe('moveBy', () => {
  const list = { count: 100, columns: 1, perPage: 10 };
  const grid = { count: 10, columns: 4, perPage: 2 };

  it.each([
    ['ArrowDown', 0, 1],
    ['ArrowDown', 99, 99],
    ['ArrowUp', 0, 0],
    ['PageDown', 0, 9],
    ['PageUp', 5, 0],
    ['Home', 50, 0],
    ['End', 50, 99],
  ])('in a list, %s leads from %i to %i', (key, from, to) => {
    expect(moveBy(key, from, list)).toBe(to);
  });

  it.each([
    ['ArrowRight', 3, 4],
    ['ArrowLeft', 4, 3],
    ['ArrowDown', 1, 5],
    // The last row is shorter.
    ['ArrowDown', 7, 9],
    ['ArrowDown', 9, 9],
    ['ArrowUp', 2, 2],
    ['ArrowUp', 6, 2],
  ])('among tiles, %s leads from %i to %i', (key, from, to) => {
    expect(moveBy(key, from, grid)).toBe(to);
  });

  it('knows no other keys, and none for the sides in a list', () => {
    expect(moveBy('Enter', 0, list)).toBeUndefined();
    expect(moveBy('ArrowRight', 0, list)).toBeUndefined();
  });
});
