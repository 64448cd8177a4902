import { decodeBoxHeader, isBoxType } from './box-header.js';
import type { Payload } from './payload.js';

/** A box inside bytes that are in memory already: the contents of a sample entry. */
export interface ChildBox {
  readonly type: string;
  /** Where its own payload begins, in bytes from the start of the payload it was found in. */
  readonly start: number;
  /** 8, or 16 with a 64-bit size. */
  readonly headerSize: 8 | 16;
  readonly payload: Payload;
}

/** Boxes in one sample entry; real ones have a dozen. */
const MAX_CHILDREN = 64;

/**
 * The boxes from `at` on. Ends silently at the first thing that is no box, since sample entries of QuickTime files
 * end in padding and in tables of their own.
 */
export function childBoxes(payload: Payload, at: number): ChildBox[] {
  const boxes: ChildBox[] = [];
  let position = at;
  while (position + 8 <= payload.length && boxes.length < MAX_CHILDREN) {
    const header = decodeBoxHeader(payload.bytes.subarray(position), position, payload.length);
    if (typeof header !== 'object' || header.toEnd || !isBoxType(header.type)) break;
    const end = position + header.size;
    if (end > payload.length) break;
    boxes.push({
      type: header.type,
      start: position + header.headerSize,
      headerSize: header.headerSize,
      payload: payload.from(position + header.headerSize, end),
    });
    position = end;
  }
  return boxes;
}

/** The payload of the first box of this type. */
export function childPayload(boxes: readonly ChildBox[], type: string): Payload | undefined {
  return boxes.find((box) => box.type === type)?.payload;
}
