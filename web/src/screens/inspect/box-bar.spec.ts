import { describe, expect, it } from '@jest/globals';
import { kindsOf, piecesOf, widthsOf } from './box-bar.ts';
import type { Box } from './stream-boxes.ts';

/** Boxes one behind the other. */
function row(...boxes: readonly (readonly [type: string, size: number])[]): Box[] {
  let offset = 0;
  return boxes.map(([type, size]) => {
    const box = { type, offset, size };
    offset += size;
    return box;
  });
}
const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);

describe('the pieces of a file', () => {
  it('are its boxes, with what lies between and behind them', () => {
    const boxes = [
      { type: 'ftyp', offset: 0, size: 32 },
      { type: 'moov', offset: 40, size: 60 },
    ];
    expect(piecesOf(boxes, 150)).toEqual([
      { type: 'ftyp', offset: 0, size: 32, count: 1 },
      { type: 'rest', offset: 32, size: 8, count: 0 },
      { type: 'moov', offset: 40, size: 60, count: 1 },
      { type: 'rest', offset: 100, size: 50, count: 0 },
    ]);
  });

  it('never reach beyond the file, whatever a box claims', () => {
    const pieces = piecesOf(
      [...row(['ftyp', 32], ['mdat', 2 ** 52]), { type: 'moov', offset: 8, size: 8 }],
      100,
    );
    expect(pieces.map(({ size }) => size)).toEqual([32, 68, 0]);
  });

  it('are one where neighbours are of one kind and there are many', () => {
    const boxes = row(['ftyp', 8], ...Array.from({ length: 60 }, () => ['mdat', 10] as const), ['moov', 5]);
    expect(piecesOf(boxes, 613)).toEqual([
      { type: 'ftyp', offset: 0, size: 8, count: 1 },
      { type: 'mdat', offset: 8, size: 600, count: 60 },
      { type: 'moov', offset: 608, size: 5, count: 1 },
    ]);
  });

  it('are one for all fragments of a recording, and for what was not listed', () => {
    const fragments = Array.from(
      { length: 99 },
      () =>
        [
          ['moof', 2],
          ['mdat', 8],
        ] as const,
    ).flat();
    expect(piecesOf(row(['ftyp', 8], ['moov', 12], ...fragments), 2000)).toEqual([
      { type: 'ftyp', offset: 0, size: 8, count: 1 },
      { type: 'moov', offset: 8, size: 12, count: 1 },
      { type: 'fragments', offset: 20, size: 990, count: 198 },
      { type: 'rest', offset: 1010, size: 990, count: 0 },
    ]);
  });

  it('stay few even where no two neighbours are alike', () => {
    const boxes = row(...Array.from({ length: 200 }, (_, index) => [`x${index}`, 1] as const));
    const pieces = piecesOf(boxes, 200);
    expect(pieces).toHaveLength(24);
    expect(pieces.at(-1)).toEqual({ type: 'rest', offset: 23, size: 177, count: 177 });
  });
});

describe('the kinds of pieces', () => {
  it('are told once, with all their bytes', () => {
    const pieces = piecesOf(row(['ftyp', 8], ['moof', 1], ['mdat', 9], ['moof', 2], ['mdat', 8]), 28);
    expect(kindsOf(pieces)).toEqual([
      { type: 'ftyp', offset: 0, size: 8, count: 1 },
      { type: 'moof', offset: 8, size: 3, count: 2 },
      { type: 'mdat', offset: 9, size: 17, count: 2 },
    ]);
  });
});

describe('the widths of the pieces', () => {
  const widths = (sizes: readonly number[], least: number) =>
    widthsOf(piecesOf(row(...sizes.map((size) => ['mdat', size] as const)), sum(sizes)), least);

  it('are to scale', () => {
    expect(widths([10, 30, 60], 1)).toEqual([10, 30, 60]);
  });

  it('leave tiny ones visible, at the cost of large ones', () => {
    const [tiny = 0, small = 0, large = 0] = widths([1, 10_000, 990_000], 2);
    expect([tiny, small]).toEqual([2, 2]);
    expect(tiny + small + large).toBeCloseTo(100);
  });

  it('fill the bar also where all are tiny or empty', () => {
    expect(sum(widths([0, 0, 0], 2))).toBeLessThanOrEqual(100);
    expect(
      sum(
        widths(
          Array.from({ length: 20 }, () => 1),
          10,
        ),
      ),
    ).toBeCloseTo(100);
  });
});
