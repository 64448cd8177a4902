import type { Box } from './stream-boxes.ts';

/** A stretch of a file as one piece of the bar. */
export interface Piece {
  /**
   * The four characters of its boxes; `fragments` for several of movie fragments and their media, `rest` for bytes that
   * no listed box covers.
   */
  readonly type: string;
  readonly offset: number;
  readonly size: number;
  /** How many boxes it stands for; 0 for `rest`. */
  readonly count: number;
}

/** Pieces that a person can still tell apart. */
const MOST = 24;
/** What comes again and again in a fragmented file (ISO/IEC 14496-12, 8.8 and 8.16; ISO/IEC 23009-1, 5.10.3.3). */
const OF_FRAGMENTS = new Set(['moof', 'mdat', 'styp', 'sidx', 'emsg', 'prft', 'fragments']);

/**
 * The pieces of a bar, in file order and without gaps. Neighbours of one kind become one; where there are still too many,
 * so do fragments.
 * @param size of the file in bytes
 */
export function piecesOf(boxes: readonly Box[], size: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const box of boxes) {
    // A box may claim more than there is, and none may go back.
    const offset = Math.min(Math.max(box.offset, end), size);
    const last = Math.min(Math.max(box.offset + box.size, offset), size);
    if (offset > end) pieces.push({ type: 'rest', offset: end, size: offset - end, count: 0 });
    pieces.push({ type: box.type, offset, size: last - offset, count: 1 });
    end = last;
  }
  if (end < size) pieces.push({ type: 'rest', offset: end, size: size - end, count: 0 });

  if (pieces.length <= MOST) return pieces;
  const alike = merged(pieces, (one, other) => (one.type === other.type ? one.type : undefined));
  if (alike.length <= MOST) return alike;
  const both = (one: Piece, other: Piece) => OF_FRAGMENTS.has(one.type) && OF_FRAGMENTS.has(other.type);
  const fewer = merged(alike, (one, other) => (both(one, other) ? 'fragments' : undefined));
  if (fewer.length <= MOST) return fewer;
  // Nothing sensible has so many kinds in turn: its end is shown as one.
  const shown = fewer.slice(0, MOST - 1);
  const rest = fewer.slice(MOST - 1).reduce((one, other) => joined('rest', one, other));
  return [...shown, { ...rest, type: 'rest' }];
}

/** How wide each piece is, in percent: to scale, but none narrower than `least`. They sum up to 100. */
export function widthsOf(pieces: readonly Piece[], least: number): readonly number[] {
  const size = pieces.reduce((sum, piece) => sum + piece.size, 0);
  const floor = Math.min(least, 100 / Math.max(1, pieces.length));
  const shares = pieces.map((piece) => (size > 0 ? (piece.size / size) * 100 : 0));
  // What the small ones get more, the large ones give, each by how much it has to give.
  const wanted = shares.reduce((sum, share) => sum + Math.max(0, floor - share), 0);
  const spare = shares.reduce((sum, share) => sum + Math.max(0, share - floor), 0);
  return shares.map((share) =>
    share <= floor || spare === 0 ? floor : share - (wanted * (share - floor)) / spare,
  );
}

/** The pieces of each kind as one, in the order in which the kinds begin. */
export function kindsOf(pieces: readonly Piece[]): readonly Piece[] {
  const kinds = new Map<string, Piece>();
  for (const piece of pieces) {
    const before = kinds.get(piece.type);
    kinds.set(piece.type, before ? joined(piece.type, before, piece) : piece);
  }
  return [...kinds.values()];
}

function merged(
  pieces: readonly Piece[],
  typeOfBoth: (one: Piece, other: Piece) => string | undefined,
): readonly Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const before = result.at(-1);
    const type = before && typeOfBoth(before, piece);
    if (before && type !== undefined) result[result.length - 1] = joined(type, before, piece);
    else result.push(piece);
  }
  return result;
}

function joined(type: string, one: Piece, other: Piece): Piece {
  return { type, offset: one.offset, size: one.size + other.size, count: one.count + other.count };
}
