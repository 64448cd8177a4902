import type { BoxExtent } from '../isobmff/index.js';

/** Bytes of the old file that the new one has in another form, `growth` bytes longer. */
export interface Rewritten extends BoxExtent {
  readonly growth: number;
}

/** Old bytes from `start` up to `end` that stand `shift` bytes further on in the new file. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly shift: number;
  /** Whether they are the same bytes there. */
  readonly kept: boolean;
}

/**
 * Where each byte of a file stands after its moov box was moved forward. Everything is kept, so every offset has a
 * place: what lay behind the end of the old file lies equally far behind the end of the new one.
 */
export class OffsetMap {
  readonly #pieces: readonly Piece[];
  /** Chunks follow each other: the next offset is mostly in the piece of the last one. */
  #last = 0;

  /**
   * @param moov where it stands
   * @param target where it will, in front of itself
   * @param rewritten without overlap; only what lies inside moov may grow
   */
  constructor(moov: BoxExtent, target: number, rewritten: readonly Rewritten[]) {
    const growth = rewritten.reduce((sum, area) => sum + area.growth, 0);
    const end = moov.offset + moov.size;
    const sorted = [...rewritten].sort((a, b) => a.offset - b.offset);
    this.#pieces = [
      ...split(0, target, 0, sorted),
      ...split(target, moov.offset, moov.size + growth, sorted),
      ...split(moov.offset, end, target - moov.offset, sorted),
      ...split(end, Infinity, growth, sorted),
    ];
  }

  /** The new offset of what stood at `offset`. One that no file can have is left as it is. */
  map(offset: number): number {
    const moved = offset + this.#pieceAt(offset).shift;
    return Number.isSafeInteger(moved) ? moved : offset;
  }

  /** Whether the same `length` bytes follow the new offset of what stood at `offset`. */
  keeps(offset: number, length: number): boolean {
    if (length === 0) return true;
    const { kept, end } = this.#pieceAt(offset);
    return kept && offset + length <= end;
  }

  #pieceAt(offset: number): Piece {
    const pieces = this.#pieces;
    const last = pieces[this.#last]!;
    if (last.start <= offset && offset < last.end) return last;
    let [low, high] = [0, pieces.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (pieces[middle]!.start <= offset) low = middle;
      else high = middle;
    }
    this.#last = low;
    return pieces[low]!;
  }
}

/** Cuts one stretch of the file at what is rewritten in it; what follows a grown area stands further on. */
function split(start: number, end: number, shift: number, sorted: readonly Rewritten[]): Piece[] {
  const pieces: Piece[] = [];
  const push = (piece: Piece) => {
    if (piece.start < piece.end) pieces.push(piece);
  };
  let at = start;
  let moved = shift;
  for (const { offset, size, growth } of sorted) {
    if (offset < start || offset >= end) continue;
    push({ start: at, end: offset, shift: moved, kept: true });
    push({ start: offset, end: offset + size, shift: moved, kept: false });
    at = offset + size;
    moved += growth;
  }
  push({ start: at, end, shift: moved, kept: true });
  return pieces;
}
