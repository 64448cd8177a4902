import type { BoundedReader } from './bounded-reader.js';
import { type BoxHeader, decodeBoxHeader, isBoxType, LONGEST_HEADER } from './box-header.js';

/** Top-level boxes walked before giving up; a film of 5,000 fragments has 10,000. */
export const MAX_TOP_LEVEL_BOXES = 10_000;

/**
 * How the walk over the top level ended.
 * - `end`: at the end of the file.
 * - `truncated`: the last box claims more bytes than the file has, or the file ends inside a header.
 * - `trailing`: moov and mdat were seen, and what follows the last box is no box: tags, padding, a camera's trailer.
 * - `malformed`: something that is no box stands before moov and mdat were both seen.
 * - `too-many-boxes`: {@link MAX_TOP_LEVEL_BOXES} were reached before the end.
 * - `enough`: where the caller had seen enough.
 */
export type LayoutEnd = 'end' | 'truncated' | 'trailing' | 'malformed' | 'too-many-boxes' | 'enough';

/** The top level of a file (ISO/IEC 14496-12 §4.1), in file order. */
export interface Layout {
  readonly boxes: readonly BoxHeader[];
  readonly end: LayoutEnd;
  /** Where the walk ended, in bytes from the start of the file. */
  readonly endOffset: number;
}

/** The types a file cut off inside them may still be recognised by. */
const KNOWN = /^(?:mdat|moov|moof|free|skip|wide|ftyp|styp|sidx|mfra|meta|uuid|udta|emsg|idat|pdin)$/;

/**
 * Walks the top level: one header read for each box, jumping over contents.
 *
 * @param isEnough asked about each box in turn: whether the walk may end behind it
 * @throws what the reader throws
 */
export async function readLayout(
  reader: BoundedReader,
  isEnough: (box: BoxHeader) => boolean = () => false,
): Promise<Layout> {
  const boxes: BoxHeader[] = [];
  let position = 0;
  const ended = (end: LayoutEnd): Layout => ({ boxes, end, endOffset: position });
  while (position < reader.size) {
    if (boxes.length === MAX_TOP_LEVEL_BOXES) return ended('too-many-boxes');
    const header = decodeBoxHeader(await reader.read(position, LONGEST_HEADER), position, reader.size);
    const known = typeof header === 'object' && isBoxType(header.type);
    const inside = known && header.size <= reader.size - position;
    if (known && (inside || KNOWN.test(header.type))) {
      boxes.push(header);
      if (isEnough(header)) return ended('enough');
    }
    if (inside) {
      position += header.size;
      continue;
    }
    if (isWhole(boxes, reader.size)) return ended('trailing');
    return ended(header === 'short' || known ? 'truncated' : 'malformed');
  }
  return ended('end');
}

/** Whether moov and mdat were seen and everything seen lies inside the file. */
function isWhole(boxes: readonly BoxHeader[], size: number): boolean {
  const last = boxes.at(-1);
  return (
    last !== undefined &&
    last.offset + last.size <= size &&
    boxes.some(({ type }) => type === 'moov') &&
    boxes.some(({ type }) => type === 'mdat')
  );
}
